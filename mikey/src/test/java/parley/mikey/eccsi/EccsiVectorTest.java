package parley.mikey.eccsi;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.FixedRandom;
import parley.mikey.Vectors;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// RFC 6507, Appendix A, and edge values computed by an independent program.
class EccsiVectorTest {
  private static final JsonNode RFC = Vectors.load("rfc6507-eccsi.json").required("cases").get(0);

  static Stream<JsonNode> edges() {
    return Vectors.load("project-eccsi-edges.json").required("cases").valueStream();
  }

  @Test
  void hashesAndKeysOfRfc6507() throws Exception {
    var kpak = EccsiPublicKey.of(octets(RFC, "KPAK"));
    byte[] hs = EccsiHash.hs(kpak, octets(RFC, "ID"), octets(RFC, "PVT"));
    byte[] m = octets(RFC, "M");
    assertThat(P256.G).isEqualTo(octets(RFC, "G"));
    assertThat(P256.encode(P256.Q)).isEqualTo(octets(RFC, "q"));
    assertThat(hs).isEqualTo(octets(RFC, "HS"));
    assertThat(EccsiHash.he(hs, octets(RFC, "r"), m, 0, m.length)).isEqualTo(octets(RFC, "HE"));
    try (var ksak = SecretBytes.take(octets(RFC, "KSAK"), "KSAK");
        var master = EccsiMasterKey.of(ksak)) {
      assertThat(master.publicKey()).isEqualTo(kpak);
    }
    assertThat(P256.multiplyG(octets(RFC, "v"))).isEqualTo(octets(RFC, "PVT"));
  }

  @Test
  void signsAndVerifiesAsRfc6507() throws Exception {
    var kpak = EccsiPublicKey.of(octets(RFC, "KPAK"));
    byte[] id = octets(RFC, "ID");
    byte[] m = octets(RFC, "M");
    try (var ssk = SecretBytes.take(octets(RFC, "SSK"), "SSK");
        var signer = EccsiSigner.of(kpak, id, ssk, octets(RFC, "PVT"))) {
      byte[] signature = signer.sign(m, 0, m.length, new FixedRandom(octets(RFC, "j")));
      assertThat(signature).isEqualTo(octets(RFC, "Sig"));
      assertThat(new EccsiVerifier(1).verify(kpak, id, m, 0, m.length, signature)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("edges")
  void issuesAndSignsAsAnIndependentProgram(JsonNode test) throws Exception {
    byte[] id = octets(test, "id");
    byte[] m = octets(test, "M");
    try (var ksak = SecretBytes.take(octets(test, "KSAK"), "KSAK");
        var master = EccsiMasterKey.of(ksak);
        var key = master.issue(id, octets(test, "device"));
        var expected = SecretBytes.take(octets(test, "SSK"), "expected");
        var signer = EccsiSigner.of(master.publicKey(), id, key.ssk(), key.pvt())) {
      assertThat(master.publicKey().octets()).isEqualTo(octets(test, "KPAK"));
      assertThat(key.ssk()).isEqualTo(expected);
      assertThat(key.pvt()).isEqualTo(octets(test, "PVT"));
      byte[] signature = signer.sign(m, 0, m.length, new FixedRandom(octets(test, "j")));
      assertThat(signature).isEqualTo(octets(test, "signature"));
      assertThat(new EccsiVerifier(1).verify(master.publicKey(), id, m, 0, m.length, signature))
          .isTrue();
    }
  }
}
