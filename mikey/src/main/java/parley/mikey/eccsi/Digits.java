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

  private Digits(byte[] digits) {
    this.digits = digits;
  }

  /// How many digits of so many bits a scalar has.
  static int count(int width) {
    return Math.ceilDiv(SCALAR_BITS, width);
  }

  /// Digits of bits next to each other.
  static Digits rows(byte[] scalar, int width) {
    return of(scalar, width, 1, width);
  }

  static Digits comb(byte[] scalar, int width) {
    return of(scalar, width, count(width), 1);
  }

  private static Digits of(byte[] scalar, int width, int bitStep, int digitStep) {
    int count = count(width);
    long[] odd = odd(scalar);
    var digits = new byte[count];
    for (int digit = 0; digit < count; digit++) {
      int value = 0;
      for (int bit = 0; bit < width; bit++) {
        value |= bit(odd, digit * digitStep + bit * bitStep + 1, count * width) << bit;
      }
      int negative = ((value >> (width - 1)) & 1) - 1;
      int index = (value ^ negative) & ((1 << (width - 1)) - 1);
      digits[digit] = (byte) (index << 1 | (negative & 1));
    }
    Arrays.fill(odd, 0);
    return new Digits(digits);
  }

  private static int bit(long[] odd, int index, int top) {
    if (index == top) {
      return 1;
    }
    int limb = index / Limbs.BITS;
    return limb < odd.length ? (int) (odd[limb] >>> index % Limbs.BITS) & 1 : 0;
  }

  private static long[] odd(byte[] scalar) {
    var limbs = new long[Limbs.COUNT];
    Limbs.unpack(scalar, 0, limbs, 0);
    long even = (limbs[0] & 1) - 1;
    long carry = 0;
    for (int i = 0; i < Limbs.COUNT; i++) {
      carry += limbs[i] + (Scalars.Q_LIMBS[i] & even);
      limbs[i] = carry & Limbs.MASK;
      carry >>= Limbs.BITS;
    }
    return limbs;
  }

  int count() {
    return digits.length;
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
