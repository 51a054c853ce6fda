package parley.mikey.eccsi;

import java.util.Arrays;

/// A scalar below q in signed digits without a 0: a sum has as many terms, in the same order, for
/// every scalar. An even one stands for itself plus q. `close()` zeroes them.
///
/// A digit is some bits next to each other, for tables of rows, or as far from each other as there
/// are digits, for combs. Each bit of the odd scalar is the sign of the power of two below it, and
/// the sign of the highest one is positive.
final class Digits implements AutoCloseable {
  /// That of a scalar plus q.
  private static final int SCALAR_BITS = 257;

  private final byte[] digits;
  private final int width;

  private Digits(byte[] digits, int width) {
    this.digits = digits;
    this.width = width;
  }

  /// How many digits of so many bits a scalar has at least.
  static int count(int width) {
    return Math.ceilDiv(SCALAR_BITS, width);
  }

  /// Digits of bits next to each other.
  static Digits rows(byte[] scalar, int width) {
    var digits = new byte[count(width)];
    long[] odd = odd(scalar, digits.length * width);
    for (int i = 0; i < digits.length; i++) {
      digits[i] = digit(bits(odd, i * width + 1, width), width);
    }
    Arrays.fill(odd, 0);
    return new Digits(digits, width);
  }

  /// Digits of bits as far from each other as there are digits. Next to each other are those of the
  /// rows of a comb.
  static Digits comb(byte[] scalar, int width, int rows) {
    int perRow = perRow(width, rows);
    var digits = new byte[perRow * rows];
    long[] odd = odd(scalar, digits.length * width);
    for (int i = 0; i < digits.length; i++) {
      int lowest = i % rows * perRow + i / rows;
      int bits = 0;
      for (int tooth = 0; tooth < width; tooth++) {
        bits |= bits(odd, lowest + tooth * digits.length + 1, 1) << tooth;
      }
      digits[i] = digit(bits, width);
    }
    Arrays.fill(odd, 0);
    return new Digits(digits, width);
  }

  /// How many digits choose in each row of a comb.
  static int perRow(int width, int rows) {
    return Math.ceilDiv(count(width), rows);
  }

  private static byte digit(int bits, int width) {
    int negative = ((bits >> (width - 1)) & 1) - 1;
    int index = (bits ^ negative) & ((1 << (width - 1)) - 1);
    return (byte) (index << 1 | (negative & 1));
  }

  private static int bits(long[] number, int from, int count) {
    int limb = from / Limbs.BITS;
    int shift = from % Limbs.BITS;
    long bits = number[limb] >>> shift | number[limb + 1] << (Limbs.BITS - shift);
    return (int) bits & ((1 << count) - 1);
  }

  /// The scalar, or the scalar plus q, below the sign of the highest of so many powers of two.
  private static long[] odd(byte[] scalar, int powers) {
    var limbs = new long[Limbs.COUNT + 2];
    Limbs.unpack(scalar, 0, limbs, 0);
    long even = (limbs[0] & 1) - 1;
    long carry = 0;
    for (int i = 0; i < Limbs.COUNT; i++) {
      carry += limbs[i] + (Scalars.Q_LIMBS[i] & even);
      limbs[i] = carry & Limbs.MASK;
      carry >>= Limbs.BITS;
    }
    limbs[powers / Limbs.BITS] |= 1L << powers % Limbs.BITS;
    return limbs;
  }

  int count() {
    return digits.length;
  }

  /// How many points a digit chooses from, but for its sign.
  int choices() {
    return 1 << (width - 1);
  }

  /// -1 where digit `i` is negative, otherwise 0.
  long sign(int i) {
    return -(digits[i] & 1L);
  }

  /// Which of the entries of a row digit `i` is, but for its sign.
  int index(int i) {
    return (digits[i] & 0xFF) >> 1;
  }

  /// Each as twice its index, plus 1 where it is negative. Nobody changes them.
  byte[] octets() {
    return digits;
  }

  @Override
  public void close() {
    Arrays.fill(digits, (byte) 0);
  }
}
