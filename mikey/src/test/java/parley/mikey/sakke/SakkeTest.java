package parley.mikey.sakke;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import parley.mikey.InvalidKey;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

class SakkeTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] ID = ascii("2026-11\0sip:bob@example.org\0");
  private static final SakkeMasterKey KMS = SakkeMasterKey.generate(RANDOM);
  private static final SakkePublicKey Z = KMS.publicKey();
  private static final Curve CURVE = Curve.fastest();
  private static final AffinePoint ORDER_2 =
      AffinePoint.of(CURVE.field(), BigInteger.ZERO, BigInteger.ZERO);
  private static SakkeReceiver bob;

  @BeforeAll
  static void enrol() throws Exception {
    bob = receiver(ID);
  }

  @AfterAll
  static void close() {
    bob.close();
    KMS.close();
  }

  private static SakkeReceiver receiver(byte[] id) throws InvalidKey {
    try (var rsk = KMS.issue(id)) {
      return SakkeReceiver.of(Z, id, rsk);
    }
  }

  @Test
  void opensWhatWasEncryptedToIt() {
    qt().withExamples(20)
        .forAll(integers().all())
        .checkAssert(seed -> {
          try (var ssv = SecretBytes.take(random(seed, 16), "SSV");
              var opened = bob.decapsulate(Z.encapsulate(ID, ssv)).orElseThrow()) {
            assertThat(opened).isEqualTo(ssv);
          }
        });
  }

  @Test
  void opensForAnyIdentifierBelowQ() {
    qt().withExamples(8)
        .forAll(integers().all(), integers().between(1, 127))
        .checkAssert((seed, octets) -> {
          byte[] id = random(seed, octets);
          id[octets - 1] |= 2;
          try (var receiver = receiver(id);
              var ssv = SecretBytes.random(16, RANDOM, "SSV");
              var opened = receiver.decapsulate(Z.encapsulate(id, ssv)).orElseThrow()) {
            assertThat(opened).isEqualTo(ssv);
          } catch (InvalidKey e) {
            throw new AssertionError(e);
          }
        });
  }

  /// Prefix, both ends and the middle of either coordinate, and every octet of the hint.
  @Test
  void refusesDataWithAnOctetChanged() {
    byte[] data = encapsulated();
    int[] sample = {0, 1, 2, 64, 127, 128, 129, 130, 200, 255, 256};
    for (int i = 0; i < sample.length + 16; i++) {
      int at = i < sample.length ? sample[i] : 257 + i - sample.length;
      byte[] changed = data.clone();
      changed[at] ^= (byte) (1 << RANDOM.nextInt(8));
      assertThat(bob.decapsulate(changed)).as("octet %d", at).isEmpty();
    }
  }

  @Test
  void refusesPointsOfItsOwnThatOpenToSomethingElse() {
    byte[] data = encapsulated();
    byte[] negated = data.clone();
    var y = new BigInteger(1, data, 129, 128);
    System.arraycopy(Fp.octets(ParameterSet1.P.subtract(y)), 0, negated, 129, 128);
    assertThat(bob.decapsulate(negated)).isEmpty();
    byte[] generator = data.clone();
    System.arraycopy(CURVE.generator().point().encode(), 0, generator, 0, 257);
    assertThat(bob.decapsulate(generator)).isEmpty();
    byte[] ofOrder2 = new byte[273];
    ofOrder2[0] = 4;
    assertThat(bob.decapsulate(ofOrder2)).isEmpty();
  }

  @Test
  void refusesOtherLengths() {
    byte[] data = encapsulated();
    for (int length : new int[] {0, 1, 257, 272, 274}) {
      assertThat(bob.decapsulate(Arrays.copyOf(data, length))).isEmpty();
    }
  }

  @Test
  void refusesWhatWasEncryptedToAnotherIdentifierOrKms() {
    try (var ssv = SecretBytes.random(16, RANDOM, "SSV");
        var other = SakkeMasterKey.generate(RANDOM)) {
      assertThat(bob.decapsulate(Z.encapsulate(ascii("2026-11\0sip:eve@example.org\0"), ssv)))
          .isEmpty();
      assertThat(bob.decapsulate(other.publicKey().encapsulate(ID, ssv))).isEmpty();
    }
  }

  @Test
  void installsNoKeyThatWasNotIssuedForItsIdentifier() {
    try (var rsk = KMS.issue(ID);
        var other = SakkeMasterKey.generate(RANDOM);
        var foreign = other.issue(ID);
        var shorter = SecretBytes.take(new byte[256], "short")) {
      assertNotInstalled(ascii("2026-12\0sip:bob@example.org\0"), rsk);
      assertNotInstalled(ID, foreign);
      assertNotInstalled(ID, shorter);
      assertNotInstalled(new byte[128], rsk);
    }
  }

  /// K + T with T of order 2 is on the curve, but not of order q.
  @Test
  void installsNoKeyOutsideTheSubgroup() throws Exception {
    try (var rsk = KMS.issue(ID)) {
      byte[] shifted = plusOrder2(rsk.lend(SecretAccess.token(), byte[]::clone));
      try (var secret = SecretBytes.take(shifted, "shifted");
          var order2 = SecretBytes.take(ORDER_2.encode(), "order 2")) {
        assertNotInstalled(ID, secret);
        assertNotInstalled(ID, order2);
      }
    }
  }

  private static byte[] plusOrder2(byte[] point) throws InvalidPoint {
    try (JacobianPoint sum = AffinePoint.decode(CURVE.field(), point, "a point").toJacobian()) {
      sum.plus(ORDER_2);
      return sum.toAffine().orElseThrow().encode();
    }
  }

  private static void assertNotInstalled(byte[] id, SecretBytes rsk) {
    assertThatThrownBy(() -> SakkeReceiver.of(Z, id, rsk)).isInstanceOf(InvalidKey.class);
  }

  @Test
  void refusesPublicKeysInAnyOtherFormOrOrder() throws Exception {
    byte[] good = Z.octets();
    byte[] compressed = good.clone();
    compressed[0] = 2;
    byte[] aboveP = good.clone();
    Arrays.fill(aboveP, 129, 257, (byte) 0xFF);
    byte[] offCurve = good.clone();
    offCurve[256] ^= 1;
    byte[] ofOrder2 = new byte[257];
    ofOrder2[0] = 4;
    byte[] ofOrder2q = plusOrder2(CURVE.generator().point().encode());
    for (byte[] bad :
        new byte[][] {
          new byte[0], Arrays.copyOf(good, 258), compressed, aboveP, offCurve, ofOrder2, ofOrder2q
        }) {
      assertThatThrownBy(() -> SakkePublicKey.of(bad)).isInstanceOf(InvalidPoint.class);
    }
  }

  @Test
  void refusesIdentifiersOutOfRange() {
    byte[] q = Fp.octets(ParameterSet1.Q);
    try (var ssv = SecretBytes.random(16, RANDOM, "SSV")) {
      for (byte[] id : new byte[][] {new byte[0], {0}, {1}, q, new byte[] {0, 0, 1}}) {
        assertThatThrownBy(() -> Z.encapsulate(id, ssv))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KMS.issue(id)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void refusesSecretsOutOfRange() {
    try (var longer = SecretBytes.random(17, RANDOM, "SSV")) {
      assertThatThrownBy(() -> Z.encapsulate(ID, longer))
          .isInstanceOf(IllegalArgumentException.class);
    }
    byte[] one = Fp.octets(BigInteger.ONE);
    for (byte[] z : new byte[][] {new byte[128], one, Fp.octets(ParameterSet1.Q), new byte[20]}) {
      try (var secret = SecretBytes.take(z, "z")) {
        assertThatThrownBy(() -> SakkeMasterKey.of(secret))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void reissueGivesTheSameKey() {
    try (var first = KMS.issue(ID);
        var restored = SakkeMasterKey.of(KMS.secret());
        var again = restored.issue(ID)) {
      assertThat(again).isEqualTo(first);
      assertThat(restored.publicKey()).isEqualTo(Z).hasSameHashCodeAs(Z);
    }
  }

  @Test
  void closedKeysOpenAndIssueNothingAndNothingPrintsThem() throws Exception {
    var master = SakkeMasterKey.generate(RANDOM);
    var rsk = master.issue(ID);
    var receiver = SakkeReceiver.of(master.publicKey(), ID, rsk);
    String secrets = hex(master.secret()) + hex(rsk);
    receiver.close();
    master.close();
    var printed = new StringBuilder().append(master).append(receiver).append(rsk);
    for (Runnable use :
        new Runnable[] {() -> receiver.decapsulate(new byte[273]), () -> master.issue(ID)}) {
      try {
        use.run();
        printed.append("not refused");
      } catch (IllegalStateException e) {
        printed.append(e);
      }
    }
    assertThat(printed.toString()).doesNotContain("not refused");
    for (int i = 0; i + 12 <= secrets.length(); i++) {
      assertThat(printed.toString()).doesNotContainIgnoringCase(secrets.substring(i, i + 12));
    }
    assertThat(master.secret().isClosed()).isTrue();
    rsk.close();
  }

  private static byte[] encapsulated() {
    try (var ssv = SecretBytes.random(16, RANDOM, "SSV")) {
      return Z.encapsulate(ID, ssv);
    }
  }

  private static String hex(SecretBytes secret) {
    return secret.lend(SecretAccess.token(), HexFormat.of()::formatHex);
  }

  private static byte[] random(int seed, int octets) {
    var random = new byte[octets];
    new Random(seed).nextBytes(random);
    return random;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
