package parley.mikey.eccsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import parley.mikey.FixedRandom;
import parley.mikey.InvalidKey;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

class EccsiTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] ID = ascii("2026-11\0sip:alice@example.org\0");
  private static final byte[] RADIO = ascii("radio-1");
  private static final byte[] MESSAGE = ascii("an announcement of a group session key");
  private static final EccsiMasterKey KMS = EccsiMasterKey.generate(RANDOM);
  private static final EccsiPublicKey KPAK = KMS.publicKey();

  @AfterAll
  static void close() {
    KMS.close();
  }

  @Test
  void verifiesWhatWasSignedWhateverIdentifierAndMessage() {
    var verifier = new EccsiVerifier(4);
    qt().withExamples(40)
        .forAll(integers().all(), integers().between(1, 100), integers().between(0, 600))
        .checkAssert((seed, idOctets, octets) -> {
          var random = new Random(seed);
          var id = new byte[idOctets];
          var message = new byte[octets];
          random.nextBytes(id);
          random.nextBytes(message);
          int offset = octets / 3;
          byte[] signature = sign(id, message, offset, octets - offset);
          assertThat(verifier.verify(KPAK, id, message, offset, octets - offset, signature))
              .isTrue();
          assertThat(verifier.cachedSigners()).isLessThanOrEqualTo(4);
        });
  }

  @Test
  void refusesASignatureWithAnyOctetChanged() {
    byte[] signature = sign(ID, MESSAGE, 0, MESSAGE.length);
    var verifier = new EccsiVerifier(4);
    assertThat(verify(verifier, ID, MESSAGE, signature)).isTrue();
    for (int i = 0; i < signature.length; i++) {
      for (int change : new int[] {0x01, 0x80, 0xFF}) {
        byte[] changed = signature.clone();
        changed[i] ^= (byte) change;
        assertThat(verify(verifier, ID, MESSAGE, changed)).as("octet %d", i).isFalse();
      }
    }
  }

  @Test
  void refusesOtherLengths() {
    byte[] signature = sign(ID, MESSAGE, 0, MESSAGE.length);
    var verifier = new EccsiVerifier(4);
    for (int length : new int[] {0, 1, 32, 64, 128, 130}) {
      assertThat(verify(verifier, ID, MESSAGE, Arrays.copyOf(signature, length))).isFalse();
    }
  }

  @Test
  void refusesAnotherMessageIdentifierOrKms() {
    byte[] signature = sign(ID, MESSAGE, 0, MESSAGE.length);
    var verifier = new EccsiVerifier(4);
    byte[] message = MESSAGE.clone();
    message[5] ^= 1;
    assertThat(verify(verifier, ID, message, signature)).isFalse();
    assertThat(verify(verifier, ascii("2026-12\0sip:alice@example.org\0"), MESSAGE, signature))
        .isFalse();
    try (var other = EccsiMasterKey.generate(RANDOM)) {
      assertThat(verifier.verify(other.publicKey(), ID, MESSAGE, 0, MESSAGE.length, signature))
          .isFalse();
    }
  }

  @Test
  void refusesScalarsOutOfRange() {
    byte[] signature = sign(ID, MESSAGE, 0, MESSAGE.length);
    var verifier = new EccsiVerifier(4);
    for (int start : new int[] {0, 32}) {
      for (BigInteger scalar : new BigInteger[] {BigInteger.ZERO, P256.Q, maximum()}) {
        byte[] changed = signature.clone();
        System.arraycopy(P256.encode(scalar), 0, changed, start, 32);
        assertThat(verify(verifier, ID, MESSAGE, changed)).isFalse();
      }
    }
  }

  /// A signature has a twin, s and q - s (RFC 6507, 6): never tell messages apart by their
  /// signature.
  @Test
  void acceptsTheTwinOfASignature() {
    byte[] signature = sign(ID, MESSAGE, 0, MESSAGE.length);
    var s = new BigInteger(1, signature, 32, 32);
    System.arraycopy(P256.encode(P256.Q.subtract(s)), 0, signature, 32, 32);
    assertThat(verify(new EccsiVerifier(1), ID, MESSAGE, signature)).isTrue();
  }

  /// Nobody can find a signature whose sums pass through equal points, so that way is walked here.
  @Test
  void theWayForSumsThatMeetAgrees() {
    byte[] signature = sign(ID, MESSAGE, 0, MESSAGE.length);
    byte[] r = Arrays.copyOf(signature, 32);
    byte[] s = Arrays.copyOfRange(signature, 32, 64);
    byte[] pvt = Arrays.copyOfRange(signature, 64, 129);
    byte[] hs = EccsiHash.hs(KPAK, ID, pvt);
    byte[] ofG = Scalars.product(EccsiHash.he(hs, r, MESSAGE, 0, MESSAGE.length), s);
    byte[] ofY = Scalars.product(r, s);
    assertThat(EccsiVerifier.isOnJ(KPAK, hs, pvt, ofY, ofG, r)).isTrue();
    r[31] ^= 1;
    assertThat(EccsiVerifier.isOnJ(KPAK, hs, pvt, ofY, ofG, r)).isFalse();
    byte[] minusY = P256.encode(P256.Q.subtract(new BigInteger(1, ofY)));
    assertThat(EccsiVerifier.isOnJ(KPAK, hs, pvt, minusY, new byte[32], r)).isFalse();
  }

  /// 0, 1, the neighbours of q, 2^256 - 1, each as r and as s, beside a good other.
  @Test
  void refusesScalarsAtTheEdges() {
    byte[] signature = sign(ID, MESSAGE, 0, MESSAGE.length);
    var verifier = new EccsiVerifier(4);
    BigInteger[] edges = {
      BigInteger.ZERO,
      BigInteger.ONE,
      BigInteger.TWO,
      P256.Q.subtract(BigInteger.ONE),
      P256.Q,
      P256.Q.add(BigInteger.ONE),
      FieldP.P,
      maximum()
    };
    for (BigInteger edge : edges) {
      for (int start : new int[] {0, 32}) {
        byte[] changed = signature.clone();
        System.arraycopy(P256.encode(edge), 0, changed, start, 32);
        for (int time = 0; time < 3; time++) {
          assertThat(verify(verifier, ID, MESSAGE, changed)).as("%s", edge).isFalse();
        }
      }
    }
    assertThat(verifier.cachedSigners()).isZero();
  }

  /// A point of another form, off the curve, with a coordinate that is not below p, G itself, KPAK
  /// itself and their opposites in the place of the PVT.
  @Test
  void refusesOtherTokens() {
    byte[] signature = sign(ID, MESSAGE, 0, MESSAGE.length);
    byte[] pvt = Arrays.copyOfRange(signature, 64, 129);
    byte[] offCurve = pvt.clone();
    offCurve[64] ^= 1;
    byte[] aboveP = pvt.clone();
    Arrays.fill(aboveP, 1, 33, (byte) 0xFF);
    byte[] prefixed = pvt.clone();
    prefixed[0] = 6;
    for (byte[] token :
        new byte[][] {
          new byte[65],
          offCurve,
          aboveP,
          prefixed,
          opposite(pvt),
          P256.G,
          opposite(P256.G),
          KPAK.octets(),
          opposite(KPAK.octets())
        }) {
      byte[] changed = signature.clone();
      System.arraycopy(token, 0, changed, 64, 65);
      assertThat(verify(new EccsiVerifier(1), ID, MESSAGE, changed)).isFalse();
    }
  }

  private static byte[] opposite(byte[] point) {
    byte[] opposite = point.clone();
    BigInteger y = FieldP.P.subtract(new BigInteger(1, point, 33, 32));
    System.arraycopy(P256.encode(y), 0, opposite, 33, 32);
    return opposite;
  }

  @Test
  void remembersOnlySignersThatVerified() {
    var verifier = new EccsiVerifier(2);
    byte[] signature = sign(ID, MESSAGE, 0, MESSAGE.length);
    signature[40] ^= 1;
    assertThat(verify(verifier, ID, MESSAGE, signature)).isFalse();
    assertThat(verifier.cachedSigners()).isZero();
    signature[40] ^= 1;
    for (int i = 0; i < 3; i++) {
      assertThat(verify(verifier, ID, MESSAGE, signature)).isTrue();
    }
    assertThat(verifier.cachedSigners()).isEqualTo(1);
  }

  @Test
  void reissueGivesTheSameKeyAndAnotherDeviceAnotherKey() {
    try (var first = KMS.issue(ID, RADIO);
        var again = KMS.issue(ID, RADIO);
        var restored = EccsiMasterKey.of(KMS.secret());
        var afterRestart = restored.issue(ID, RADIO);
        var phone = KMS.issue(ID, ascii("phone"));
        var shifted = KMS.issue(concat(ID, (byte) 'r'), ascii("adio-1"))) {
      assertThat(again.ssk()).isEqualTo(first.ssk());
      assertThat(again.pvt()).isEqualTo(first.pvt());
      assertThat(afterRestart.ssk()).isEqualTo(first.ssk());
      assertThat(phone.ssk()).isNotEqualTo(first.ssk());
      assertThat(phone.pvt()).isNotEqualTo(first.pvt());
      assertThat(shifted.pvt()).isNotEqualTo(first.pvt());
    }
  }

  @Test
  void installsNoKeyThatWasNotIssuedForItsIdentifier() {
    try (var key = KMS.issue(ID, RADIO);
        var phone = KMS.issue(ID, ascii("phone"));
        var other = EccsiMasterKey.generate(RANDOM);
        var zero = SecretBytes.take(new byte[32], "zero");
        var shorter = SecretBytes.take(new byte[31], "short")) {
      assertNotInstalled(other.publicKey(), ID, key.ssk(), key.pvt());
      assertNotInstalled(KPAK, ascii("2026-12\0sip:alice@example.org\0"), key.ssk(), key.pvt());
      assertNotInstalled(KPAK, ID, phone.ssk(), key.pvt());
      assertNotInstalled(KPAK, ID, key.ssk(), phone.pvt());
      assertNotInstalled(KPAK, ID, zero, key.pvt());
      assertNotInstalled(KPAK, ID, shorter, key.pvt());
      byte[] offCurve = key.pvt();
      offCurve[64] ^= 1;
      assertNotInstalled(KPAK, ID, key.ssk(), offCurve);
    }
  }

  private static void assertNotInstalled(
      EccsiPublicKey kpak, byte[] id, SecretBytes ssk, byte[] pvt) {
    assertThatThrownBy(() -> EccsiSigner.of(kpak, id, ssk, pvt)).isInstanceOf(InvalidKey.class);
  }

  @Test
  void refusesPointsInAnyOtherForm() {
    byte[] good = KPAK.octets();
    assertThatThrownBy(() -> EccsiPublicKey.of(new byte[0])).isInstanceOf(InvalidPoint.class);
    assertThatThrownBy(() -> EccsiPublicKey.of(new byte[65])).isInstanceOf(InvalidPoint.class);
    assertThatThrownBy(() -> EccsiPublicKey.of(Arrays.copyOf(good, 66)))
        .isInstanceOf(InvalidPoint.class);
    assertThatThrownBy(() -> EccsiPublicKey.of(compressed(good))).isInstanceOf(InvalidPoint.class);
    for (int prefix : new int[] {0, 2, 3, 5, 6, 7}) {
      byte[] changed = good.clone();
      changed[0] = (byte) prefix;
      assertThatThrownBy(() -> EccsiPublicKey.of(changed)).isInstanceOf(InvalidPoint.class);
    }
    byte[] aboveP = good.clone();
    Arrays.fill(aboveP, 1, 33, (byte) 0xFF);
    assertThatThrownBy(() -> EccsiPublicKey.of(aboveP))
        .isInstanceOf(InvalidPoint.class)
        .hasMessageContaining("not below p");
  }

  @Test
  void drawsAgainWhereTheRandomScalarIsOutOfRange() {
    var j = new byte[32];
    j[31] = 7;
    byte[] all = new byte[32];
    Arrays.fill(all, (byte) 0xFF);
    assertThat(P256.randomScalar(new FixedRandom(new byte[32], all, P256.encode(P256.Q), j)))
        .isEqualTo(j);
  }

  /// HE + r SSK = 0 has no inverse (RFC 6507, 5.2.1, step 4); here the SSK is made to fit the first
  /// j.
  @Test
  void drawsAgainWhereTheSignatureHasNoInverse() {
    BigInteger first = BigInteger.valueOf(7);
    BigInteger second = BigInteger.valueOf(11);
    byte[] r = P256.encode(xOf(first));
    byte[] hs = new byte[32];
    var he = new BigInteger(1, EccsiHash.he(hs, r, MESSAGE, 0, MESSAGE.length));
    BigInteger ssk = he.negate().multiply(xOf(first).modInverse(P256.Q)).mod(P256.Q);
    var random = new FixedRandom(P256.encode(first), P256.encode(second));
    try (var signer =
        new EccsiSigner(SecretBytes.take(P256.encode(ssk), "SSK"), new byte[65], hs)) {
      byte[] signature = signer.sign(MESSAGE, 0, MESSAGE.length, random);
      assertThat(Arrays.copyOf(signature, 32)).isEqualTo(P256.encode(xOf(second)));
    }
  }

  private static BigInteger xOf(BigInteger j) {
    return new BigInteger(1, P256.multiplyG(P256.encode(j)), 1, 32);
  }

  private static byte[] compressed(byte[] point) {
    byte[] compressed = Arrays.copyOf(point, 33);
    compressed[0] = (byte) (2 | (point[64] & 1));
    return compressed;
  }

  @Test
  void refusesMasterKeysOutOfRange() {
    for (byte[] octets : new byte[][] {new byte[32], P256.encode(P256.Q), new byte[31]}) {
      try (var ksak = SecretBytes.take(octets, "KSAK")) {
        assertThatThrownBy(() -> EccsiMasterKey.of(ksak))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void closedKeysSignAndIssueNothingAndNothingPrintsThem() throws Exception {
    var master = EccsiMasterKey.generate(RANDOM);
    var key = master.issue(ID, RADIO);
    var signer = EccsiSigner.of(master.publicKey(), ID, key.ssk(), key.pvt());
    String secrets = hex(master.secret()) + hex(key.ssk());
    key.close();
    signer.close();
    master.close();
    var failures = new StringBuilder().append(master).append(key).append(signer);
    for (Runnable use :
        new Runnable[] {() -> signer.sign(MESSAGE, 0, 1, RANDOM), () -> master.issue(ID, RADIO)}) {
      try {
        use.run();
        failures.append("not refused");
      } catch (IllegalStateException e) {
        failures.append(e);
      }
    }
    assertThat(failures.toString()).doesNotContain("not refused");
    for (int i = 0; i + 12 <= secrets.length(); i++) {
      assertThat(failures.toString()).doesNotContainIgnoringCase(secrets.substring(i, i + 12));
    }
    assertThat(key.ssk().isClosed()).isTrue();
    assertThat(master.secret().isClosed()).isTrue();
  }

  private static String hex(SecretBytes secret) {
    return secret.lend(SecretAccess.token(), HexFormat.of()::formatHex);
  }

  private static byte[] sign(byte[] id, byte[] message, int offset, int length) {
    try (var key = KMS.issue(id, RADIO);
        var signer = EccsiSigner.of(KPAK, id, key.ssk(), key.pvt())) {
      return signer.sign(message, offset, length, RANDOM);
    } catch (InvalidKey e) {
      throw new AssertionError(e);
    }
  }

  private static boolean verify(
      EccsiVerifier verifier, byte[] id, byte[] message, byte[] signature) {
    return verifier.verify(KPAK, id, message, 0, message.length, signature);
  }

  private static BigInteger maximum() {
    return BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
  }

  private static byte[] concat(byte[] octets, byte last) {
    byte[] longer = Arrays.copyOf(octets, octets.length + 1);
    longer[octets.length] = last;
    return longer;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
