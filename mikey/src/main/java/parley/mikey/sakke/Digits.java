package parley.mikey.sakke;

import static parley.mikey.sakke.Fp.WORDS;
import static parley.mikey.sakke.ParameterSet1.Q;

import java.util.Arrays;

/// A scalar below q in signed odd digits of some bits each: none is 0, so a sum has as many terms,
/// in the same order, for every scalar.
///
/// An even scalar stands for itself plus q. `close()` zeroes the digits.
final class Digits implements AutoCloseable {
  /// That of a scalar plus q, and the place of the highest digit's sign.
  private static final int SCALAR_BITS = 1024;

  private static final long[] ORDER = words(Fp.octets(Q));

  private final int width;
  private final int[] digits;

  /// @param scalar 128 octets, below q
  /// @param width bits of a digit
  Digits(byte[] scalar, int width) {
    this.width = width;
    this.digits = new int[count(width)];
    long[] odd = words(scalar);
    addOrder(odd, (odd[0] & 1) - 1);
    for (int i = 0; i < digits.length; i++) {
      digits[i] = bits(odd, i * width + 1, width);
    }
    // each bit stands for the sign of the power of two below it, and the highest is positive
    digits[digits.length - 1] |= 1 << (width - 1);
    Arrays.fill(odd, 0);
  }

  /// How many digits of so many bits a scalar has.
  static int count(int width) {
    return Math.ceilDiv(SCALAR_BITS, width);
  }

  private static long[] words(byte[] octets) {
    var words = new long[WORDS];
    Fp.unpack(octets, 0, words, 0);
    return words;
  }

  private static void addOrder(long[] words, long mask) {
    long carry = 0;
    for (int i = 0; i < WORDS; i++) {
      long addend = ORDER[i] & mask;
      long sum = words[i] + addend;
      long carried = sum + carry;
      carry = ((words[i] & addend) | ((words[i] | addend) & ~sum)) >>> 63;
      carry |= (sum & ~carried) >>> 63;
      words[i] = carried;
    }
  }

  private static int bits(long[] words, int from, int width) {
    int word = from / Long.SIZE;
    int bit = from % Long.SIZE;
    long low = word < WORDS ? words[word] >>> bit : 0;
    long high = bit > 0 && word + 1 < WORDS ? words[word + 1] << (Long.SIZE - bit) : 0;
    return (int) (low | high) & ((1 << width) - 1);
  }

  int count() {
    return digits.length;
  }

  /// -1 where digit `i` is negative, otherwise 0.
  long sign(int i) {
    return ((long) digits[i] >> (width - 1)) - 1;
  }

  /// For a digit of absolute value `2 n + 1`: n.
  int index(int i) {
    return (digits[i] ^ (int) sign(i)) & ((1 << (width - 1)) - 1);
  }

  @Override
  public void close() {
    Arrays.fill(digits, 0);
  }
}
