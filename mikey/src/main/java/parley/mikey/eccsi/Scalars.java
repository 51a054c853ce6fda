package parley.mikey.eccsi;

import java.math.BigInteger;
import java.util.Arrays;

/// Arithmetic modulo q, the order of P-256, on 32 octets, in times that do not depend on them.
final class Scalars {
  static final int OCTETS = 32;
  static final BigInteger Q =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  static final long[] Q_LIMBS = Limbs.of(Q);

  private static final int LIMBS = Limbs.COUNT;
  private static final long MASK = Limbs.MASK;
  private static final OddModulus MODULUS = new OddModulus(Q);
  private static final BigInteger RADIX = BigInteger.TWO.pow(LIMBS * Limbs.BITS);
  private static final long[] RADIX_SQUARED = Limbs.of(RADIX.multiply(RADIX).mod(Q));
  private static final long NEGATED_INVERSE =
      Q.negate().modInverse(BigInteger.TWO.pow(Limbs.BITS)).longValueExact();

  private Scalars() {}

  /// `a b`.
  static byte[] product(byte[] a, byte[] b) {
    long[] x = limbs(a);
    long[] y = limbs(b);
    multiply(x, x, RADIX_SQUARED);
    multiply(x, x, y);
    return octets(x, y);
  }

  /// `a b + c`.
  static byte[] productPlus(byte[] a, byte[] b, byte[] c) {
    long[] x = limbs(a);
    long[] y = limbs(b);
    multiply(x, x, RADIX_SQUARED);
    multiply(x, x, y);
    Limbs.unpack(c, 0, y, 0);
    for (int i = 0; i < LIMBS; i++) {
      x[i] += y[i];
    }
    return octets(x, y);
  }

  /// The inverse of a number below q; of 0, zeros.
  static byte[] inverse(byte[] a) {
    byte[] inverse = a.clone();
    MODULUS.invert(inverse);
    return inverse;
  }

  /// Any 32 octets modulo q.
  static byte[] reduced(byte[] number) {
    long[] x = limbs(number);
    return octets(x, new long[LIMBS]);
  }

  private static long[] limbs(byte[] octets) {
    var limbs = new long[LIMBS];
    Limbs.unpack(octets, 0, limbs, 0);
    return limbs;
  }

  /// Of a number below 3q; both arrays are zeroed.
  private static byte[] octets(long[] number, long[] work) {
    subtractOrder(number, work);
    subtractOrder(number, work);
    var octets = new byte[OCTETS];
    Limbs.pack(number, 0, octets, 0);
    Arrays.fill(number, 0);
    Arrays.fill(work, 0);
    return octets;
  }

  /// Unless it would be negative.
  private static void subtractOrder(long[] number, long[] difference) {
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += number[i] - Q_LIMBS[i];
      difference[i] = carry & MASK;
      carry >>= Limbs.BITS;
    }
    long whole = 0;
    for (int i = 0; i < LIMBS; i++) {
      whole += number[i];
      number[i] = (whole & MASK & carry) | (difference[i] & ~carry);
      whole >>= Limbs.BITS;
    }
  }

  /// Montgomery's product, below 2q for factors below 4q.
  private static void multiply(long[] to, long[] a, long[] b) {
    var t = new long[2 * LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      for (int j = 0; j < LIMBS; j++) {
        t[i + j] += a[i] * b[j] & MASK;
        t[i + j + 1] += Math.multiplyHigh(a[i] << 6, b[j] << 6);
      }
    }
    for (int i = 0; i < LIMBS; i++) {
      long m = (t[i] & MASK) * NEGATED_INVERSE & MASK;
      for (int j = 0; j < LIMBS; j++) {
        t[i + j] += m * Q_LIMBS[j] & MASK;
        t[i + j + 1] += Math.multiplyHigh(m << 6, Q_LIMBS[j] << 6);
      }
      t[i + 1] += t[i] >> Limbs.BITS;
    }
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += t[LIMBS + i];
      to[i] = carry & MASK;
      carry >>= Limbs.BITS;
    }
    Arrays.fill(t, 0);
  }
}
