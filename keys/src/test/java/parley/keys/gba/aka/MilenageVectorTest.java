package parley.keys.gba.aka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.keys.Secrets;
import parley.keys.Vectors;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// All 26 sets of TS 35.207 and TS 35.208.
class MilenageVectorTest {
  private static final HexFormat HEX = HexFormat.of();

  static Stream<JsonNode> sets() {
    return Stream.of("milenage-35207.json", "milenage-35208.json")
        .flatMap(file -> Vectors.cases(file).valueStream());
  }

  @Test
  void thereAreTwentySixSets() {
    assertThat(sets()).hasSize(26);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void computesOpc(JsonNode set) {
    try (SecretBytes k = secret(set, "K");
        SecretBytes op = secret(set, "OP");
        SecretBytes opc = Milenage.opc(k, op)) {
      assertThat(Secrets.hex(opc)).isEqualTo(text(set, "OPc"));
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void computesAllFunctions(JsonNode set) {
    byte[] rand = octets(set, "RAND");
    byte[] sqn = octets(set, "SQN");
    byte[] amf = octets(set, "AMF");
    try (var milenage = new Milenage(secret(set, "K"), secret(set, "OPc"))) {
      assertThat(HEX.formatHex(milenage.f1(rand, sqn, amf))).isEqualTo(text(set, "f1"));
      assertThat(HEX.formatHex(milenage.f1Star(rand, sqn, amf))).isEqualTo(text(set, "f1*"));
      assertThat(HEX.formatHex(milenage.f2(rand))).isEqualTo(text(set, "f2"));
      assertThat(HEX.formatHex(milenage.f3(rand))).isEqualTo(text(set, "f3"));
      assertThat(HEX.formatHex(milenage.f4(rand))).isEqualTo(text(set, "f4"));
      assertThat(HEX.formatHex(milenage.f5(rand))).isEqualTo(text(set, "f5"));
      assertThat(HEX.formatHex(milenage.f5Star(rand))).isEqualTo(text(set, "f5*"));
    }
  }

  @Test
  void refusesKeysAndChallengesOfAnotherLength() {
    for (int octets : List.of(0, 15, 17, 32)) {
      assertThatThrownBy(() -> new Milenage(zeros(octets), zeros(16)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Milenage(zeros(16), zeros(octets)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (var milenage = new Milenage(zeros(16), zeros(16))) {
      assertThatThrownBy(() -> milenage.f2(new byte[15]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static SecretBytes zeros(int octets) {
    return SecretBytes.take(new byte[octets], "zeros");
  }

  private static SecretBytes secret(JsonNode set, String name) {
    return Secrets.hex(text(set, name));
  }

  private static byte[] octets(JsonNode set, String name) {
    return HEX.parseHex(text(set, name));
  }

  private static String text(JsonNode set, String name) {
    return set.required(name).stringValue();
  }
}
