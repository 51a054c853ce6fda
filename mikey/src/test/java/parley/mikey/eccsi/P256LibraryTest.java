package parley.mikey.eccsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The kernel's field, inverses and tables against `BigInteger` and Java's.
class P256LibraryTest {
  private static final BigInteger P = FieldP.P;
  private static final BigInteger WORD = BigInteger.TWO.pow(64);
  private static final BigInteger RADIX = BigInteger.TWO.pow(256);
  private static final BigInteger PER_RADIX = RADIX.modInverse(P);

  @BeforeEach
  void needsTheKernel() {
    assumeThat(P256Library.IS_THERE).isTrue();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAVA")
  void computesAsBigIntegers(Adder adder) {
    assumeThat(Adder.here()).contains(adder);
    List<BigInteger> elements = numbersBelow(P, 40);
    for (BigInteger a : elements) {
      for (BigInteger b : elements) {
        long[] got = P256Library.compute(adder, words(a), words(b));
        assertThat(number(got, 0)).isEqualTo(a.multiply(b).multiply(PER_RADIX).mod(P));
        assertThat(number(got, 4)).isEqualTo(a.multiply(a).multiply(PER_RADIX).mod(P));
        assertThat(number(got, 8)).isEqualTo(a.add(b).mod(P));
        assertThat(number(got, 12)).isEqualTo(a.subtract(b).mod(P));
      }
    }
  }

  /// What the conversion of limbs relies on.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAVA")
  void multipliesWhatExceedsP(Adder adder) {
    assumeThat(Adder.here()).contains(adder);
    BigInteger all = RADIX.subtract(BigInteger.ONE);
    for (BigInteger a : List.of(P, P.add(BigInteger.ONE), all, all.subtract(WORD))) {
      for (BigInteger b : numbersBelow(P, 100)) {
        assertThat(number(P256Library.compute(adder, words(a), words(b)), 0))
            .isEqualTo(a.multiply(b).multiply(PER_RADIX).mod(P));
      }
    }
  }

  @Test
  void invertsAsBigIntegersAndJava() {
    for (BigInteger modulus : List.of(P, P256.Q, RADIX.subtract(BigInteger.valueOf(189)))) {
      var odd = new OddModulus(modulus);
      for (BigInteger a : numbersBelow(modulus, 3000)) {
        byte[] expected = P256.encode(a.signum() == 0 ? a : a.modInverse(modulus));
        byte[] inverse = P256.encode(a);
        odd.invert(inverse);
        assertThat(inverse).as("1/%x modulo %x", a, modulus).isEqualTo(expected);
        byte[] inJava = P256.encode(a);
        odd.invertInJava(inJava);
        assertThat(inJava).isEqualTo(expected);
      }
    }
  }

  /// The same points, in another form.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAVA")
  void makesTheTablesOfTheOtherTier(Adder adder) throws Exception {
    assumeThat(Adder.here()).contains(adder);
    long[] g = P256.decode(P256.G, "G");
    for (int width = 2; width <= 7; width++) {
      int count = Digits.count(width);
      assertThat(P256Library.table(adder, g, width, count))
          .startsWith(P256Library.table(Adder.KERNEL, g, width, 1))
          .isEqualTo(P256Library.table(Adder.KERNEL, g, width, count));
      for (int rows = 1; rows <= 3; rows++) {
        int spacing = Digits.perRow(width, rows);
        assertThat(P256Library.comb(adder, g, width, rows, spacing))
            .isEqualTo(P256Library.comb(Adder.KERNEL, g, width, rows, spacing));
      }
    }
  }

  @Test
  void staysWithinItsArrays() {
    long[] g = new long[PointSum.AFFINE];
    var short9 = new long[PointSum.AFFINE - 1];
    assertThatThrownBy(() -> P256Library.table(Adder.KERNEL, short9, 4, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    for (int width : new int[] {1, 8, 33}) {
      assertThatThrownBy(() -> P256Library.table(Adder.KERNEL, g, width, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> P256Library.comb(Adder.KERNEL, g, width, 1, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (int rows : new int[] {0, 5}) {
      assertThatThrownBy(() -> P256Library.comb(Adder.KERNEL, g, 7, rows, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    long[] table = P256Library.table(Adder.KERNEL, g, 4, 1);
    var sum = new long[PointSum.JACOBIAN];
    try (Digits four = Digits.rows(new byte[32], 4);
        Digits five = Digits.rows(new byte[32], 5)) {
      P256Library.add(Adder.KERNEL, sum, 0, table, four, 4, 1, false);
      assertThatThrownBy(() -> P256Library.add(Adder.KERNEL, sum, 0, table, five, 5, 1, false))
          .isInstanceOf(IllegalArgumentException.class);
      for (int rows : new int[] {0, 2}) {
        assertThatThrownBy(() -> P256Library.add(Adder.KERNEL, sum, 0, table, four, 0, rows, true))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> P256Library.add(Adder.KERNEL, short9, 0, table, four, 4, 1, false))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  /// The edges, all words and limbs of ones among them, and random ones.
  private static List<BigInteger> numbersBelow(BigInteger modulus, int random) {
    var numbers = new ArrayList<BigInteger>();
    for (int i = 0; i < 3; i++) {
      numbers.add(BigInteger.valueOf(i));
      numbers.add(modulus.subtract(BigInteger.valueOf(i + 1)));
      numbers.add(modulus.shiftRight(1).add(BigInteger.valueOf(i - 1)));
    }
    for (int bits : new int[] {32, 52, 62, 64, 96, 128, 192, 208, 224, 255}) {
      numbers.add(BigInteger.TWO.pow(bits));
      numbers.add(BigInteger.TWO.pow(bits).subtract(BigInteger.ONE));
      numbers.add(modulus.subtract(BigInteger.TWO.pow(bits)));
    }
    numbers.add(P256.Q.mod(modulus));
    numbers.add(P.mod(modulus));
    var source = new Random(6);
    for (int i = 0; i < random; i++) {
      numbers.add(new BigInteger(256, source).mod(modulus));
    }
    return numbers;
  }

  private static long[] words(BigInteger number) {
    var words = new long[P256Library.WORDS];
    for (int i = 0; i < words.length; i++) {
      words[i] = number.shiftRight(Long.SIZE * i).longValue();
    }
    return words;
  }

  private static BigInteger number(long[] words, int at) {
    BigInteger number = BigInteger.ZERO;
    for (int i = P256Library.WORDS - 1; i >= 0; i--) {
      var word = new BigInteger(Long.toUnsignedString(words[at + i]));
      number = number.multiply(WORD).add(word);
    }
    return number;
  }
}
