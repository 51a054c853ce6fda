package parley.mikey.sakke;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Vectors;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// Values whose octet strings lose or gain an octet where somebody encodes integers by their size:
/// computed by an independent program.
class SakkeEdgeVectorTest {

  static Stream<JsonNode> edges() {
    return Vectors.load("project-sakke-edges.json").required("cases").valueStream();
  }

  @ParameterizedTest
  @MethodSource("edges")
  void issuesEncapsulatesAndDecapsulatesAsAnIndependentProgram(JsonNode test) throws Exception {
    byte[] id = octets(test, "id");
    byte[] data = octets(test, "encapsulated_data");
    try (var z = SecretBytes.take(octets(test, "z"), "z");
        var master = SakkeMasterKey.of(z);
        var rsk = master.issue(id);
        var expectedRsk = SecretBytes.take(octets(test, "RSK"), "expected");
        var ssv = SecretBytes.take(octets(test, "SSV"), "SSV");
        var receiver = SakkeReceiver.of(master.publicKey(), id, rsk);
        var opened = receiver.decapsulate(data).orElseThrow()) {
      assertThat(master.publicKey().octets()).isEqualTo(octets(test, "Z"));
      assertThat(rsk).isEqualTo(expectedRsk);
      assertThat(master.publicKey().encapsulate(id, ssv)).isEqualTo(data);
      assertThat(opened).isEqualTo(ssv);
    }
  }
}
