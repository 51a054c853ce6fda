package parley.mikey.eccsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.InvalidKey;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretBytes;

/// Points that are none of P-256, and second encodings of points that are, at every place where a
/// stranger's point comes in: KPAK, the PVT of a key to be installed, the PVT of a signature.
class EccsiInvalidPointTest {
  private static final BigInteger P = FieldP.P;
  private static final BigInteger B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
  private static final byte[] ID =
      "2026-11\0sip:alice@example.org\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MESSAGE = {1, 2, 3};

  private final EccsiMasterKey kms =
      EccsiMasterKey.of(SecretBytes.take(P256.encode(BigInteger.valueOf(0x12345)), "KSAK"));

  private static BigInteger right(BigInteger x) {
    return x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(B).mod(P);
  }

  /// A root modulo p, which is 3 modulo 4; of a non-square the root of its opposite.
  private static BigInteger root(BigInteger square) {
    return square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
  }

  private static boolean isOnCurve(BigInteger x) {
    return root(right(x)).pow(2).mod(P).equals(right(x));
  }

  /// The smallest x from `from` on that is, or is not, that of a point.
  private static BigInteger x(int from, boolean onCurve) {
    BigInteger x = BigInteger.valueOf(from);
    while (isOnCurve(x) != onCurve) {
      x = x.add(BigInteger.ONE);
    }
    return x;
  }

  private static byte[] point(BigInteger x, BigInteger y) {
    return ByteBuffer.allocate(65).put((byte) 4).put(P256.encode(x)).put(P256.encode(y)).array();
  }

  private static byte[] small() {
    BigInteger x = x(1, true);
    return point(x, root(right(x)));
  }

  static Stream<Map.Entry<String, byte[]>> strangers() {
    BigInteger x = x(1, true);
    BigInteger y = root(right(x));
    BigInteger ofTwist = x(1, false);
    var strangers = new LinkedHashMap<String, byte[]>();
    strangers.put("infinity as 0, 0", point(BigInteger.ZERO, BigInteger.ZERO));
    strangers.put("infinity in one octet", new byte[1]);
    strangers.put("off the curve", point(x, y.add(BigInteger.ONE)));
    strangers.put("on the quadratic twist", point(ofTwist, root(right(ofTwist))));
    strangers.put("of order 2 on another curve", point(x, BigInteger.ZERO));
    strangers.put("x = p", point(P, root(B)));
    strangers.put("y = p", point(x, P));
    strangers.put("x + p for x", point(x.add(P), y));
    BigInteger all = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    strangers.put("all ones", point(all, all));
    strangers.put("compressed", ByteBuffer.allocate(33).put((byte) 2).put(P256.encode(x)).array());
    byte[] hybrid = point(x, y);
    hybrid[0] = 6;
    strangers.put("hybrid", hybrid);
    return strangers.entrySet().stream();
  }

  /// What the others are bent from is fine, so it is the bending that is refused.
  @Test
  void thePointBehindThemIsGood() throws Exception {
    assertThat(EccsiPublicKey.of(small())).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void isNoKpak(Map.Entry<String, byte[]> stranger) {
    assertThatThrownBy(() -> EccsiPublicKey.of(stranger.getValue()))
        .isInstanceOf(InvalidPoint.class);
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void isNoPvtOfAKeyToBeInstalled(Map.Entry<String, byte[]> stranger) {
    try (EccsiUserKey key = kms.issue(ID, new byte[] {1})) {
      assertThatThrownBy(() -> EccsiSigner.of(kms.publicKey(), ID, key.ssk(), stranger.getValue()))
          .isInstanceOf(InvalidKey.class);
    }
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void isNoPvtOfASignature(Map.Entry<String, byte[]> stranger) throws Exception {
    try (EccsiUserKey key = kms.issue(ID, new byte[] {1});
        var signer = EccsiSigner.of(kms.publicKey(), ID, key.ssk(), key.pvt())) {
      byte[] good = signer.sign(MESSAGE, 0, MESSAGE.length, new SecureRandom());
      byte[] point = stranger.getValue();
      byte[] bad = ByteBuffer.allocate(64 + point.length).put(good, 0, 64).put(point).array();
      for (EccsiVerifier verifier : new EccsiVerifier[] {new EccsiVerifier(1), warm(good)}) {
        assertThat(verifier.verify(kms.publicKey(), ID, MESSAGE, 0, MESSAGE.length, bad)).isFalse();
      }
    }
  }

  /// One that remembers the true PVT of this signer.
  private EccsiVerifier warm(byte[] good) {
    var verifier = new EccsiVerifier(1);
    assertThat(verifier.verify(kms.publicKey(), ID, MESSAGE, 0, MESSAGE.length, good)).isTrue();
    return verifier;
  }
}
