package parley.mikey.eccsi;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import parley.mikey.InvalidPoint;

/// NIST P-256: points in their one encoding, scalars of 32 octets, multiples of G.
final class P256 {
  static final int SCALAR_OCTETS = Scalars.OCTETS;
  static final int POINT_OCTETS = 65;
  static final BigInteger Q = Scalars.Q;

  /// In its encoding.
  static final byte[] G =
      HexFormat.of()
          .parseHex(
              "04"
                  + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                  + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

  private static final byte[] P = encode(FieldP.P);
  private static final byte[] ORDER = encode(Q);
  private static final long[] B = b();

  private static final long[] AFFINE_G = affine(G);

  /// Digits of 6 bits: of wider ones, reading a whole row for each digit of a secret scalar would
  /// cost more than the additions it spares, and a process would take longer to start.
  static final PointTable TABLE_OF_G = PointTable.wide(AFFINE_G, 6);

  private P256() {}

  /// x and y of `0x04 || x || y`, both below p and on the curve. The cofactor is 1, so such a point
  /// has order q.
  static long[] decode(byte[] octets, String what) throws InvalidPoint {
    if (octets.length != POINT_OCTETS || octets[0] != 4) {
      throw new InvalidPoint(what + " is not a P-256 point of 65 octets that begin with 04");
    }
    if (!isBelow(octets, 1, P) || !isBelow(octets, 1 + SCALAR_OCTETS, P)) {
      throw new InvalidPoint(what + " has a coordinate that is not below p");
    }
    long[] point = affine(octets);
    if (!isOnCurve(point)) {
      throw new InvalidPoint(what + " is not on P-256");
    }
    return point;
  }

  private static long[] b() {
    var b = new long[FieldP.LIMBS];
    byte[] octets =
        HexFormat.of().parseHex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    FieldP.load(b, 0, octets, 0);
    return b;
  }

  private static long[] affine(byte[] octets) {
    var point = new long[PointSum.AFFINE];
    FieldP.load(point, 0, octets, 1);
    FieldP.load(point, FieldP.LIMBS, octets, 1 + SCALAR_OCTETS);
    return point;
  }

  /// `y^2 = x^3 - 3x + b`.
  private static boolean isOnCurve(long[] point) {
    var m = new long[2 * FieldP.LIMBS];
    int cube = 0;
    int square = FieldP.LIMBS;
    FieldP.square(m, cube, point, 0);
    FieldP.multiply(m, cube, m, cube, point, 0);
    FieldP.square(m, square, point, FieldP.LIMBS);
    for (int i = 0; i < FieldP.LIMBS; i++) {
      m[cube + i] += B[i] - 3 * point[i] - m[square + i];
    }
    return FieldP.isZero(m, cube);
  }

  /// `0x04 || x || y` of a defined sum, which is lost.
  static byte[] encode(PointSum sum) {
    var octets = new byte[POINT_OCTETS];
    octets[0] = 4;
    sum.normalise();
    sum.store(octets, 1);
    return octets;
  }

  static byte[] encode(BigInteger scalar) {
    return BigIntegers.asUnsignedByteArray(SCALAR_OCTETS, scalar);
  }

  /// `[k]G` in its encoding, without a trace of k in time or addresses; k is 32 octets, a scalar
  /// ([#isScalar]).
  static byte[] multiplyG(byte[] k) {
    try (var sum = new PointSum()) {
      TABLE_OF_G.addHiddenMultiple(sum, k);
      return sum.isDefined() ? encode(sum) : sumSlowly(new byte[][] {G}, new byte[][] {k});
    }
  }

  /// A sum of multiples where [PointSum] met two equal or opposite points on its way; empty for
  /// infinity.
  static byte[] sumSlowly(byte[][] points, byte[][] scalars) {
    var bases = new ECPoint[points.length];
    Arrays.setAll(bases, i -> BouncyCastle.CURVE.decodePoint(points[i]));
    var factors = new BigInteger[points.length];
    Arrays.setAll(factors, i -> new BigInteger(1, scalars[i]));
    ECPoint sum = ECAlgorithms.sumOfMultiplies(bases, factors).normalize();
    return sum.isInfinity() ? new byte[0] : sum.getEncoded(false);
  }

  /// Whether the 32 octets at `from` are a number from 1 to q - 1, found in the same time for all.
  static boolean isScalar(byte[] octets, int from) {
    int any = 0;
    for (int i = 0; i < SCALAR_OCTETS; i++) {
      any |= octets[from + i];
    }
    boolean isBelowQ = isBelow(octets, from, ORDER);
    return any != 0 && isBelowQ;
  }

  private static boolean isBelow(byte[] octets, int from, byte[] bound) {
    int borrow = 0;
    for (int i = SCALAR_OCTETS - 1; i >= 0; i--) {
      borrow = ((octets[from + i] & 0xFF) - (bound[i] & 0xFF) + borrow) >> 8;
    }
    return borrow != 0;
  }

  /// Uniform in 1 to q - 1: 32 octets of `random` as they come, drawn again where they are outside.
  static byte[] randomScalar(SecureRandom random) {
    var octets = new byte[SCALAR_OCTETS];
    do {
      random.nextBytes(octets);
    } while (!isScalar(octets, 0));
    return octets;
  }

  /// Apart, because its classes take a while to load, and next to nobody needs them.
  private static final class BouncyCastle {
    static final ECCurve CURVE = CustomNamedCurves.getByName("secp256r1").getCurve();
  }
}
