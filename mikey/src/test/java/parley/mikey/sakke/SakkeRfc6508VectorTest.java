package parley.mikey.sakke;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;
import static parley.mikey.Vectors.text;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import parley.mikey.Vectors;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// RFC 6508, Appendix A, and RFC 6509, Appendix A.
class SakkeRfc6508VectorTest {
  private static final JsonNode RFC = Vectors.load("rfc6508-sakke.json").required("cases");
  private static final JsonNode KEYS = RFC.get(0);
  private static final JsonNode RANGE = RFC.get(1);
  private static final JsonNode SET_1 =
      Vectors.load("rfc6509-sakke-params.json").required("cases").get(0);

  private static final Curve CURVE = Curve.fastest();
  private static final byte[] ID = octets(KEYS, "b");
  private static final byte[] SSV = octets(KEYS, "SSV");

  private static SakkeMasterKey masterKey() {
    byte[] padded = Fp.octets(new BigInteger(text(KEYS, "z"), 16));
    return SakkeMasterKey.of(SecretBytes.take(padded, "z"));
  }

  private static byte[] point(String x, String y) {
    return org.bouncycastle.util.Arrays.concatenate(
        new byte[] {4}, octets(KEYS, x), octets(KEYS, y));
  }

  @Test
  void parametersAreThoseOfSet1() {
    assertThat(ParameterSet1.P.toString(16)).isEqualTo(text(SET_1, "p"));
    assertThat(ParameterSet1.Q.toString(16)).isEqualTo(text(SET_1, "q"));
    assertThat(Fp.octets(ParameterSet1.GENERATOR_X)).isEqualTo(octets(SET_1, "Px"));
    assertThat(Fp.octets(ParameterSet1.GENERATOR_Y)).isEqualTo(octets(SET_1, "Py"));
    assertThat(Fp.octets(ParameterSet1.G)).isEqualTo(octets(SET_1, "g"));
  }

  @Test
  void gIsThePairingOfTheGeneratorWithItself() throws Exception {
    AffinePoint p = CURVE.generator().point();
    try (var lines = PairingLines.of(p, "P")) {
      assertThat(lines.with(p).orElseThrow()).isEqualTo(Fp.octets(ParameterSet1.G));
    }
  }

  @Test
  void hashesToAnIntegerRange() {
    byte[] v = HashToIntegerRange.ofOrder(CURVE.scalars(), octets(RANGE, "M"));
    assertThat(v).isEqualTo(octets(RANGE, "v mod q"));
    assertThat(HashToIntegerRange.ofOrder(CURVE.scalars(), SSV, ID)).isEqualTo(v);
  }

  @Test
  void masterKeyHasThePublishedPublicKeyAndIssuesThePublishedKey() {
    try (var master = masterKey();
        var rsk = master.issue(ID)) {
      assertThat(master.publicKey().octets()).isEqualTo(point("Zx", "Zy"));
      rsk.lendTo(SecretAccess.token(), octets -> assertThat(octets).isEqualTo(point("Kbx", "Kby")));
    }
  }

  @Test
  void powerOfGAndItsMask() {
    byte[] w = CURVE.powerOfG(Fp.octets(new BigInteger(text(KEYS, "r"), 16)));
    assertThat(w).isEqualTo(octets(KEYS, "g^r"));
    assertThat(SakkePublicKey.masked(new byte[16], w.clone())).isEqualTo(octets(KEYS, "mask"));
    assertThat(SakkePublicKey.masked(SSV, w)).isEqualTo(octets(KEYS, "H"));
    assertThat(w).isEqualTo(new byte[128]);
  }

  @Test
  void pairingGivesTheReceiverThePowerOfG() throws Exception {
    AffinePoint k = AffinePoint.decode(CURVE.field(), point("Kbx", "Kby"), "K");
    AffinePoint r = AffinePoint.decode(CURVE.field(), point("Rbx", "Rby"), "R");
    try (var lines = PairingLines.of(k, "K")) {
      assertThat(lines.with(r).orElseThrow()).isEqualTo(octets(KEYS, "w"));
    }
  }

  @Test
  void encapsulatesToThePublishedOctets() throws Exception {
    var z = SakkePublicKey.of(point("Zx", "Zy"));
    try (var ssv = SecretBytes.copyOf(SSV, "SSV")) {
      assertThat(z.encapsulate(ID, ssv)).isEqualTo(octets(KEYS, "encapsulated_data"));
    }
  }

  @Test
  void decapsulatesThePublishedOctets() throws Exception {
    var z = SakkePublicKey.of(point("Zx", "Zy"));
    try (var rsk = SecretBytes.take(point("Kbx", "Kby"), "RSK");
        var receiver = SakkeReceiver.of(z, ID, rsk);
        var ssv = receiver.decapsulate(octets(KEYS, "encapsulated_data")).orElseThrow();
        var expected = SecretBytes.copyOf(SSV, "expected")) {
      assertThat(ssv).isEqualTo(expected);
    }
  }
}
