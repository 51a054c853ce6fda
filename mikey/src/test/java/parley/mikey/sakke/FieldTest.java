package parley.mikey.sakke;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each arithmetic against `BigInteger`.
class FieldTest {
  private static final int ROUNDS = 300;

  static Stream<Field> fields() {
    List<Field> fields = new ArrayList<>();
    for (BigInteger modulus : List.of(ParameterSet1.P, ParameterSet1.Q)) {
      fields.add(new JavaField(modulus));
      for (int tier = 0; NativeField.MISSING == null && tier <= FieldLibrary.TIER; tier++) {
        fields.add(new NativeField(modulus, tier));
      }
    }
    return fields.stream();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void computesAsBigIntegers(Field field) {
    BigInteger m = field.modulus();
    var random = new Random(1);
    for (int round = 0; round < ROUNDS; round++) {
      BigInteger a = element(m, random);
      BigInteger b = element(m, random);
      try (var elements = new Elements(field, 6)) {
        elements.load(0, a);
        elements.load(1, b);
        elements.run(
            Formula.empty()
                .multiply(2, 0, 1)
                .square(3, 0)
                .add(4, 0, 1)
                .subtract(5, 0, 1)
                .subtract(1, 4, 5)
                .multiply(0, 5, 4),
            0);
        assertThat(value(elements, 2)).isEqualTo(a.multiply(b).mod(m));
        assertThat(value(elements, 3)).isEqualTo(a.multiply(a).mod(m));
        assertThat(value(elements, 4)).isEqualTo(a.add(b).mod(m));
        assertThat(value(elements, 5)).isEqualTo(a.subtract(b).mod(m));
        assertThat(value(elements, 1)).isEqualTo(b.shiftLeft(1).mod(m));
        assertThat(value(elements, 0)).isEqualTo(a.multiply(a).subtract(b.multiply(b)).mod(m));
      }
    }
  }

  /// Long chains, where a bound that is exceeded by a little shows.
  @ParameterizedTest
  @MethodSource("fields")
  void staysWithinItsBounds(Field field) {
    BigInteger m = field.modulus();
    var random = new Random(2);
    for (int round = 0; round < 20; round++) {
      BigInteger[] expected = {element(m, random), element(m, random), element(m, random)};
      try (var elements = new Elements(field, 3)) {
        for (int i = 0; i < 3; i++) {
          elements.load(i, expected[i]);
        }
        for (int step = 0; step < 200; step++) {
          int to = random.nextInt(3);
          int a = random.nextInt(3);
          int b = random.nextInt(3);
          switch (random.nextInt(4)) {
            case 0 -> {
              elements.run(Formula.empty().add(to, a, b), 0);
              expected[to] = expected[a].add(expected[b]).mod(m);
            }
            case 1 -> {
              elements.run(Formula.empty().subtract(to, a, b), 0);
              expected[to] = expected[a].subtract(expected[b]).mod(m);
            }
            case 2 -> {
              elements.run(Formula.empty().square(to, a), 0);
              expected[to] = expected[a].multiply(expected[a]).mod(m);
            }
            default -> {
              elements.multiply(to, a, b);
              expected[to] = expected[a].multiply(expected[b]).mod(m);
            }
          }
        }
        for (int i = 0; i < 3; i++) {
          assertThat(value(elements, i)).isEqualTo(expected[i]);
          assertThat(elements.isZero(i)).isEqualTo(expected[i].signum() == 0);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void knowsZeroInEveryForm(Field field) {
    try (var elements = new Elements(field, 2)) {
      elements.load(0, field.modulus().subtract(BigInteger.ONE));
      elements.load(1, BigInteger.ONE);
      elements.run(Formula.empty().add(0, 0, 1), 0);
      assertThat(elements.isZero(0)).isTrue();
      assertThat(value(elements, 0)).isZero();
      elements.run(Formula.empty().subtract(0, 1, 1), 0);
      assertThat(elements.isZero(0)).isTrue();
      assertThat(elements.isZero(1)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void reducesWhatIsReadAndIsNotBelowTheModulus(Field field) {
    var octets = new byte[128];
    java.util.Arrays.fill(octets, (byte) 0xFF);
    try (var elements = new Elements(field, 1)) {
      elements.load(0, octets, 0);
      assertThat(value(elements, 0)).isEqualTo(new BigInteger(1, octets).mod(field.modulus()));
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void inverts(Field field) {
    BigInteger m = field.modulus();
    var random = new Random(3);
    try (var elements = new Elements(field, 12)) {
      BigInteger[] expected = new BigInteger[6];
      for (int i = 0; i < 6; i++) {
        expected[i] = element(m, random).max(BigInteger.ONE);
        elements.load(2 * i, expected[i]);
      }
      assertThat(elements.invertAll(0, 2, 6)).isTrue();
      for (int i = 0; i < 6; i++) {
        assertThat(value(elements, 2 * i)).isEqualTo(expected[i].modInverse(m));
      }
      elements.load(4, BigInteger.ZERO);
      assertThat(elements.invertAll(0, 2, 6)).isFalse();
      assertThat(value(elements, 0)).isEqualTo(expected[0].modInverse(m));
      assertThat(elements.invert(4)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void choosesWithoutLookingAway(Field field) {
    try (var elements = new Elements(field, 2);
        var source = new Elements(field, 8)) {
      for (int i = 0; i < 8; i++) {
        source.load(i, BigInteger.valueOf(100 + i));
      }
      for (int choice = 0; choice < 3; choice++) {
        elements.copyHidden(0, source, 2, 2, 3, choice);
        assertThat(value(elements, 0)).isEqualTo(BigInteger.valueOf(102 + 2 * choice));
        assertThat(value(elements, 1)).isEqualTo(BigInteger.valueOf(103 + 2 * choice));
      }
      elements.replace(0, 1, 0);
      assertThat(value(elements, 0)).isEqualTo(BigInteger.valueOf(106));
      elements.replace(0, 1, -1);
      assertThat(value(elements, 0)).isEqualTo(BigInteger.valueOf(107));
    }
  }

  /// Random ones, and those at the edges of words and of the field.
  private static BigInteger element(BigInteger modulus, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> modulus.subtract(BigInteger.valueOf(random.nextInt(3) + 1));
      case 1 -> BigInteger.valueOf(random.nextInt(3));
      case 2 -> BigInteger.TWO.pow(random.nextInt(1021)).subtract(BigInteger.ONE);
      default -> new BigInteger(1100, random).mod(modulus);
    };
  }

  private static BigInteger value(Elements elements, int element) {
    var octets = new byte[128];
    elements.store(element, octets, 0);
    return new BigInteger(1, octets);
  }
}
