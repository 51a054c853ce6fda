package parley.mikey.sakke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.InvalidKey;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Points that are none of E(F_p) of order q, and second encodings of points that are, at every
/// place where a stranger's point comes in: R of encapsulated data, Z, the RSK.
class SakkeInvalidPointTest {
  private static final BigInteger P = ParameterSet1.P;
  private static final BigInteger THREE = BigInteger.valueOf(3);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] ID =
      "2026-11\0sip:bob@example.org\0".getBytes(StandardCharsets.US_ASCII);
  private static final SakkeMasterKey KMS = SakkeMasterKey.generate(RANDOM);

  /// Below this a number and p fit 128 octets together.
  private static final BigInteger ROOM = BigInteger.ONE.shiftLeft(1024).subtract(P);

  private static final byte[] GOOD = encapsulated();

  /// Data whose point has both coordinates small enough to be written a second way.
  private static byte[] encapsulated() {
    while (true) {
      try (var ssv = SecretBytes.random(16, RANDOM, "SSV")) {
        byte[] data = KMS.publicKey().encapsulate(ID, ssv);
        if (x(data).compareTo(ROOM) < 0 && y(data).compareTo(ROOM) < 0) {
          return data;
        }
      }
    }
  }

  private static BigInteger x(byte[] point) {
    return new BigInteger(1, point, 1, 128);
  }

  private static BigInteger y(byte[] point) {
    return new BigInteger(1, point, 129, 128);
  }

  private static BigInteger right(BigInteger x) {
    return x.pow(3).subtract(x.multiply(THREE)).mod(P);
  }

  /// A root modulo p, which is 3 modulo 4; of a non-square the root of its opposite.
  private static BigInteger root(BigInteger square) {
    return square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
  }

  private static byte[] point(BigInteger x, BigInteger y) {
    return ByteBuffer.allocate(257).put((byte) 4).put(octets(x)).put(octets(y)).array();
  }

  /// 128 octets, also of what is not below p.
  private static byte[] octets(BigInteger value) {
    byte[] signed = value.toByteArray();
    int length = Math.min(signed.length, 128);
    byte[] octets = new byte[128];
    System.arraycopy(signed, signed.length - length, octets, 128 - length, length);
    return octets;
  }

  static Stream<Map.Entry<String, byte[]>> strangers() {
    BigInteger x = x(GOOD);
    BigInteger y = y(GOOD);
    var strangers = new LinkedHashMap<String, byte[]>();
    strangers.put("infinity as 0, 0, of order 2", point(BigInteger.ZERO, BigInteger.ZERO));
    strangers.put("off the curve", point(x, y.add(BigInteger.ONE).mod(P)));
    strangers.put("on the quadratic twist", ofTwist());
    strangers.put("of order 2 on another curve", point(x, BigInteger.ZERO));
    strangers.put("of small order on the curve's cofactor", point(root(THREE), BigInteger.ZERO));
    strangers.put("on the curve, of another order", ofAnyOrder());
    strangers.put("x + p for x", point(x.add(P), y));
    strangers.put("y + p for y", point(x, y.add(P)));
    strangers.put("x = p", point(P, y));
    strangers.put("y = p", point(x, P));
    BigInteger all = BigInteger.ONE.shiftLeft(1024).subtract(BigInteger.ONE);
    strangers.put("all ones", point(all, all));
    byte[] compressed = GOOD.clone();
    compressed[0] = (byte) (2 + (y.testBit(0) ? 1 : 0));
    strangers.put("marked as compressed", Arrays.copyOf(compressed, 257));
    byte[] hybrid = GOOD.clone();
    hybrid[0] = 6;
    strangers.put("hybrid", Arrays.copyOf(hybrid, 257));
    strangers.put("zeros", new byte[257]);
    return strangers.entrySet().stream();
  }

  private static byte[] ofTwist() {
    BigInteger x = BigInteger.ONE;
    while (root(right(x)).pow(2).mod(P).equals(right(x))) {
      x = x.add(BigInteger.ONE);
    }
    return point(x, root(right(x)));
  }

  /// A point picked by its x alone has order q with a chance of one to the cofactor.
  private static byte[] ofAnyOrder() {
    BigInteger x = BigInteger.TWO;
    while (!root(right(x)).pow(2).mod(P).equals(right(x))) {
      x = x.add(BigInteger.ONE);
    }
    return point(x, root(right(x)));
  }

  /// What the others are bent from is fine, so it is the bending that is refused.
  @Test
  void theDataBehindThemOpens() throws Exception {
    try (SakkeReceiver bob = receiver();
        SecretBytes ssv = bob.decapsulate(GOOD).orElseThrow()) {
      assertThat(ssv.length()).isEqualTo(16);
    }
  }

  private static SakkeReceiver receiver() throws Exception {
    try (SecretBytes rsk = KMS.issue(ID)) {
      return SakkeReceiver.of(KMS.publicKey(), ID, rsk);
    }
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void opensNothing(Map.Entry<String, byte[]> stranger) throws Exception {
    byte[] data = GOOD.clone();
    System.arraycopy(stranger.getValue(), 0, data, 0, 257);
    try (SakkeReceiver bob = receiver()) {
      assertThat(bob.decapsulate(data)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void isNoPublicKey(Map.Entry<String, byte[]> stranger) {
    assertThatThrownBy(() -> SakkePublicKey.of(stranger.getValue()))
        .isInstanceOf(InvalidPoint.class);
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void isNoReceiverKey(Map.Entry<String, byte[]> stranger) {
    try (var rsk = SecretBytes.take(stranger.getValue().clone(), "RSK")) {
      assertThatThrownBy(() -> SakkeReceiver.of(KMS.publicKey(), ID, rsk))
          .isInstanceOf(InvalidKey.class);
    }
  }

  /// The receiver key itself, written another way.
  @Test
  void aReceiverKeyHasOneForm() throws Exception {
    try (SecretBytes rsk = KMS.issue(ID)) {
      byte[] good = rsk.lend(SecretAccess.token(), byte[]::clone);
      BigInteger other = P.subtract(y(good));
      try (var negated = SecretBytes.take(point(x(good), other), "RSK")) {
        assertThatThrownBy(() -> SakkeReceiver.of(KMS.publicKey(), ID, negated))
            .isInstanceOf(InvalidKey.class);
      }
    }
  }
}
