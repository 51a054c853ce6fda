package parley.mikey.eccsi;

import java.math.BigInteger;
import java.util.Arrays;

/// Arithmetic modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1, the field of P-256: five limbs of 52
/// bits in an array of longs, in Montgomery form with R = 2^260.
///
/// Limbs are signed, and sums and differences are those of their limbs: nothing is carried before
/// the next product. A product of factors between -4p and 4p, limbs below 2^55 in size, is between
/// -p and 2p, with limbs of 52 bits but for the highest, which has the sign. As -1/p is 1 modulo
/// 2^52, a limb of the quotient is the limb it clears, and p times it needs shifts only.
///
/// No branch and no address depends on an element. Offsets are in longs; what is written may be
/// what is read.
final class FieldP {
  static final int LIMBS = Limbs.COUNT;
  static final int OCTETS = 32;
  static final BigInteger P =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);

  private static final int BITS = Limbs.BITS;
  private static final long MASK = Limbs.MASK;
  private static final OddModulus MODULUS = new OddModulus(P);
  private static final BigInteger RADIX = BigInteger.TWO.pow(LIMBS * Limbs.BITS);
  private static final long[] RADIX_SQUARED = Limbs.of(RADIX.multiply(RADIX).mod(P));
  private static final long[] PLAIN_ONE = Limbs.of(BigInteger.ONE);
  private static final long[] P_LIMBS = Limbs.of(P);

  /// 1.
  static final long[] ONE = Limbs.of(RADIX.mod(P));

  private static final int HEADROOM = 6; // of each factor, so that the high half begins at bit 52

  private FieldP() {}

  /// `to = a b`.
  static void multiply(long[] to, int t, long[] a, int i, long[] b, int j) {
    long a0 = a[i];
    long a1 = a[i + 1];
    long a2 = a[i + 2];
    long a3 = a[i + 3];
    long a4 = a[i + 4];
    long b0 = b[j];
    long b1 = b[j + 1];
    long b2 = b[j + 2];
    long b3 = b[j + 3];
    long b4 = b[j + 4];
    long h0 = a0 << HEADROOM;
    long h1 = a1 << HEADROOM;
    long h2 = a2 << HEADROOM;
    long h3 = a3 << HEADROOM;
    long h4 = a4 << HEADROOM;
    long g0 = b0 << HEADROOM;
    long g1 = b1 << HEADROOM;
    long g2 = b2 << HEADROOM;
    long g3 = b3 << HEADROOM;
    long g4 = b4 << HEADROOM;
    long u0 = Math.multiplyHigh(h0, g0);
    long c0 = a0 * b0 - (u0 << BITS);
    long u1 = Math.multiplyHigh(h0, g1) + Math.multiplyHigh(h1, g0);
    long c1 = a0 * b1 + a1 * b0 - (u1 << BITS) + u0;
    long u2 = Math.multiplyHigh(h0, g2) + Math.multiplyHigh(h1, g1) + Math.multiplyHigh(h2, g0);
    long c2 = a0 * b2 + a1 * b1 + a2 * b0 - (u2 << BITS) + u1;
    long u3 =
        Math.multiplyHigh(h0, g3)
            + Math.multiplyHigh(h1, g2)
            + Math.multiplyHigh(h2, g1)
            + Math.multiplyHigh(h3, g0);
    long c3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - (u3 << BITS) + u2;
    long u4 =
        Math.multiplyHigh(h0, g4)
            + Math.multiplyHigh(h1, g3)
            + Math.multiplyHigh(h2, g2)
            + Math.multiplyHigh(h3, g1)
            + Math.multiplyHigh(h4, g0);
    long c4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (u4 << BITS) + u3;
    long u5 =
        Math.multiplyHigh(h1, g4)
            + Math.multiplyHigh(h2, g3)
            + Math.multiplyHigh(h3, g2)
            + Math.multiplyHigh(h4, g1);
    long c5 = a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 - (u5 << BITS) + u4;
    long u6 = Math.multiplyHigh(h2, g4) + Math.multiplyHigh(h3, g3) + Math.multiplyHigh(h4, g2);
    long c6 = a2 * b4 + a3 * b3 + a4 * b2 - (u6 << BITS) + u5;
    long u7 = Math.multiplyHigh(h3, g4) + Math.multiplyHigh(h4, g3);
    long c7 = a3 * b4 + a4 * b3 - (u7 << BITS) + u6;
    long u8 = Math.multiplyHigh(h4, g4);
    long c8 = a4 * b4 - (u8 << BITS) + u7;
    long c9 = u8;
    reduce(to, t, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9);
  }

  /// `to = a^2`.
  static void square(long[] to, int t, long[] a, int i) {
    long a0 = a[i];
    long a1 = a[i + 1];
    long a2 = a[i + 2];
    long a3 = a[i + 3];
    long a4 = a[i + 4];
    long d1 = a1 << 1;
    long d2 = a2 << 1;
    long d3 = a3 << 1;
    long d4 = a4 << 1;
    long h0 = a0 << HEADROOM;
    long h1 = a1 << HEADROOM;
    long h2 = a2 << HEADROOM;
    long h3 = a3 << HEADROOM;
    long h4 = a4 << HEADROOM;
    long e1 = d1 << HEADROOM;
    long e2 = d2 << HEADROOM;
    long e3 = d3 << HEADROOM;
    long e4 = d4 << HEADROOM;
    long u0 = Math.multiplyHigh(h0, h0);
    long c0 = a0 * a0 - (u0 << BITS);
    long u1 = Math.multiplyHigh(h0, e1);
    long c1 = a0 * d1 - (u1 << BITS) + u0;
    long u2 = Math.multiplyHigh(h0, e2) + Math.multiplyHigh(h1, h1);
    long c2 = a0 * d2 + a1 * a1 - (u2 << BITS) + u1;
    long u3 = Math.multiplyHigh(h0, e3) + Math.multiplyHigh(h1, e2);
    long c3 = a0 * d3 + a1 * d2 - (u3 << BITS) + u2;
    long u4 = Math.multiplyHigh(h0, e4) + Math.multiplyHigh(h1, e3) + Math.multiplyHigh(h2, h2);
    long c4 = a0 * d4 + a1 * d3 + a2 * a2 - (u4 << BITS) + u3;
    long u5 = Math.multiplyHigh(h1, e4) + Math.multiplyHigh(h2, e3);
    long c5 = a1 * d4 + a2 * d3 - (u5 << BITS) + u4;
    long u6 = Math.multiplyHigh(h2, e4) + Math.multiplyHigh(h3, h3);
    long c6 = a2 * d4 + a3 * a3 - (u6 << BITS) + u5;
    long u7 = Math.multiplyHigh(h3, e4);
    long c7 = a3 * d4 - (u7 << BITS) + u6;
    long u8 = Math.multiplyHigh(h4, h4);
    long c8 = a4 * a4 - (u8 << BITS) + u7;
    long c9 = u8;
    reduce(to, t, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9);
  }

  /// Montgomery's reduction of ten columns.
  private static void reduce(
      long[] to,
      int t,
      long c0,
      long c1,
      long c2,
      long c3,
      long c4,
      long c5,
      long c6,
      long c7,
      long c8,
      long c9) {
    long m0 = c0 & MASK;
    c1 += (c0 >> 52) + (m0 << 44 & MASK);
    c2 += m0 >> 8;
    c3 += m0 << 36 & MASK;
    c4 += (m0 >> 16) - (m0 << 16 & MASK) + (m0 << 48 & MASK);
    c5 += (m0 >> 4) - (m0 >> 36);
    long m1 = c1 & MASK;
    c2 += (c1 >> 52) + (m1 << 44 & MASK);
    c3 += m1 >> 8;
    c4 += m1 << 36 & MASK;
    c5 += (m1 >> 16) - (m1 << 16 & MASK) + (m1 << 48 & MASK);
    c6 += (m1 >> 4) - (m1 >> 36);
    long m2 = c2 & MASK;
    c3 += (c2 >> 52) + (m2 << 44 & MASK);
    c4 += m2 >> 8;
    c5 += m2 << 36 & MASK;
    c6 += (m2 >> 16) - (m2 << 16 & MASK) + (m2 << 48 & MASK);
    c7 += (m2 >> 4) - (m2 >> 36);
    long m3 = c3 & MASK;
    c4 += (c3 >> 52) + (m3 << 44 & MASK);
    c5 += m3 >> 8;
    c6 += m3 << 36 & MASK;
    c7 += (m3 >> 16) - (m3 << 16 & MASK) + (m3 << 48 & MASK);
    c8 += (m3 >> 4) - (m3 >> 36);
    long m4 = c4 & MASK;
    c5 += (c4 >> 52) + (m4 << 44 & MASK);
    c6 += m4 >> 8;
    c7 += m4 << 36 & MASK;
    c8 += (m4 >> 16) - (m4 << 16 & MASK) + (m4 << 48 & MASK);
    c9 += (m4 >> 4) - (m4 >> 36);
    c6 += c5 >> 52;
    c7 += c6 >> 52;
    c8 += c7 >> 52;
    c9 += c8 >> 52;
    to[t] = c5 & MASK;
    to[t + 1] = c6 & MASK;
    to[t + 2] = c7 & MASK;
    to[t + 3] = c8 & MASK;
    to[t + 4] = c9;
  }

  /// `to = a + b`, limb by limb.
  static void add(long[] memory, int to, int a, int b) {
    for (int i = 0; i < LIMBS; i++) {
      memory[to + i] = memory[a + i] + memory[b + i];
    }
  }

  /// `to = a - b`, limb by limb.
  static void subtract(long[] memory, int to, int a, int b) {
    for (int i = 0; i < LIMBS; i++) {
      memory[to + i] = memory[a + i] - memory[b + i];
    }
  }

  /// Brings an element to between 0 and 2p: by what exceeds 2^256, which is all but p.
  static void reduce(long[] memory, int at) {
    long c0 = memory[at];
    long c1 = memory[at + 1] + (c0 >> 52);
    long c2 = memory[at + 2] + (c1 >> 52);
    long c3 = memory[at + 3] + (c2 >> 52);
    long c4 = memory[at + 4] + (c3 >> 52);
    long q = c4 >> 48;
    memory[at] = (c0 & MASK) + q;
    memory[at + 1] = (c1 & MASK) - (q << 44);
    memory[at + 2] = c2 & MASK;
    memory[at + 3] = (c3 & MASK) - (q << 36);
    memory[at + 4] = c4 - (q << 48) + (q << 16);
  }

  /// Puts the opposite in the place of an element where `mask` is -1, and nothing where it is 0.
  static void negate(long[] memory, int at, long mask) {
    for (int i = 0; i < LIMBS; i++) {
      memory[at + i] = (memory[at + i] ^ mask) - mask;
    }
  }

  /// Reads 32 octets, a number below p.
  static void load(long[] memory, int to, byte[] octets, int from) {
    Limbs.unpack(octets, from, memory, to);
    multiply(memory, to, memory, to, RADIX_SQUARED, 0);
  }

  /// Writes the 32 octets of the element, which is lost.
  static void store(long[] memory, int at, byte[] octets, int to) {
    leave(memory, at);
    Limbs.pack(memory, at, octets, to);
  }

  /// Whether the element is 0; it is lost.
  static boolean isZero(long[] memory, int at) {
    leave(memory, at);
    long any = 0;
    for (int i = 0; i < LIMBS; i++) {
      any |= memory[at + i];
    }
    return any == 0;
  }

  /// Out of Montgomery form, to a number below p.
  private static void leave(long[] memory, int at) {
    multiply(memory, at, memory, at, PLAIN_ONE, 0);
    long fromP = 0; // the product may be p itself
    for (int i = 0; i < LIMBS; i++) {
      fromP |= memory[at + i] ^ P_LIMBS[i];
    }
    long mask = (fromP | -fromP) >> 63;
    for (int i = 0; i < LIMBS; i++) {
      memory[at + i] &= mask;
    }
  }

  /// Puts its inverse in the place of an element; 0 stays 0.
  static void invert(long[] memory, int at) {
    var octets = new byte[OCTETS];
    store(memory, at, octets, 0);
    MODULUS.invert(octets);
    load(memory, at, octets, 0);
    Arrays.fill(octets, (byte) 0);
  }
}
