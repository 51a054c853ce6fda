package parley.mikey.eccsi;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import parley.mikey.InvalidPoint;

/// NIST P-256: points in their one encoding, scalars of 32 octets.
final class P256 {
  static final int SCALAR_OCTETS = 32;
  static final int POINT_OCTETS = 65;

  private static final X9ECParameters PARAMETERS = CustomNamedCurves.getByName("secp256r1");
  private static final ECCurve CURVE = PARAMETERS.getCurve();
  private static final BigInteger P = CURVE.getField().getCharacteristic();

  static final ECPoint G = PARAMETERS.getG();
  static final BigInteger Q = PARAMETERS.getN();

  private P256() {}

  /// `0x04 || x || y`, both below p and on the curve. The cofactor is 1, so such a point has order
  /// q.
  static ECPoint decode(byte[] octets, String what) throws InvalidPoint {
    if (octets.length != POINT_OCTETS || octets[0] != 4) {
      throw new InvalidPoint(what + " is not a P-256 point of 65 octets that begin with 04");
    }
    var x = new BigInteger(1, octets, 1, SCALAR_OCTETS);
    var y = new BigInteger(1, octets, 1 + SCALAR_OCTETS, SCALAR_OCTETS);
    if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
      throw new InvalidPoint(what + " has a coordinate that is not below p");
    }
    ECPoint point = CURVE.createPoint(x, y);
    if (!point.isValid()) {
      throw new InvalidPoint(what + " is not on P-256");
    }
    return point;
  }

  static byte[] encode(ECPoint point) {
    return point.getEncoded(false);
  }

  static byte[] encode(BigInteger scalar) {
    return BigIntegers.asUnsignedByteArray(SCALAR_OCTETS, scalar);
  }

  /// `[k]G` by a comb whose table look-ups do not depend on k.
  static ECPoint multiplyG(BigInteger k) {
    return new FixedPointCombMultiplier().multiply(G, k).normalize();
  }

  static boolean isScalar(BigInteger k) {
    return k.signum() > 0 && k.compareTo(Q) < 0;
  }

  /// Uniform in 1 to q - 1: 32 octets of `random` as they come, drawn again where they are outside.
  static BigInteger randomScalar(SecureRandom random) {
    var octets = new byte[SCALAR_OCTETS];
    try {
      BigInteger k;
      do {
        random.nextBytes(octets);
        k = new BigInteger(1, octets);
      } while (!isScalar(k));
      return k;
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }
}
