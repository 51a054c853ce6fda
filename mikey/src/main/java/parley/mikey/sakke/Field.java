package parley.mikey.sakke;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Arithmetic modulo an odd number of 1022 to 1024 bits, on elements that lie in an array of longs,
/// in Montgomery form: `a R` for an element a.
///
/// No branch and no address depends on an element. All offsets are in longs. Stateless.
abstract sealed class Field permits JavaField, NativeField {
  private final BigInteger modulus;
  private final int words;
  private final BigInteger radix;
  private volatile long @Nullable [] constants;

  /// @param words longs of an element
  /// @param radixBits R is 2 to this
  Field(BigInteger modulus, int words, int radixBits) {
    this.modulus = modulus;
    this.words = words;
    this.radix = BigInteger.TWO.pow(radixBits);
  }

  /// The fastest one that works here.
  static Field of(BigInteger modulus) {
    return NativeField.MISSING == null ? new NativeField(modulus) : new JavaField(modulus);
  }

  /// Which one this is, for people.
  abstract String name();

  final BigInteger modulus() {
    return modulus;
  }

  /// Longs of an element.
  final int words() {
    return words;
  }

  /// Two elements: R^2, times which a number is in Montgomery form, and the number 1, times which
  /// it is no longer. Nobody changes them.
  final long[] constants() {
    long[] made = constants;
    if (made == null) {
      made = new long[2 * words];
      unpack(Fp.octets(radix.multiply(radix).mod(modulus)), 0, made, 0);
      unpack(Fp.octets(BigInteger.ONE), 0, made, words);
      constants = made;
    }
    return made;
  }

  /// Runs the formula; its element 0 is at `base`.
  ///
  /// @param scratch where an element may be left that nobody needs
  abstract void run(Formula formula, long[] memory, int base, int scratch);

  /// `to = a b`.
  ///
  /// @param scratch where an element may be left that nobody needs
  abstract void multiply(long[] memory, int to, int a, int b, int scratch);

  /// Spreads 128 octets, any number, over the words at `to`.
  abstract void unpack(byte[] octets, int from, long[] memory, int to);

  /// The reverse of [#unpack], for a number up to the modulus, which gives 0.
  abstract void pack(long[] memory, int from, byte[] octets, int to);

  /// Whether the element at `offset` is 0.
  abstract boolean isZero(long[] memory, int offset);
}
