package parley.mikey.sakke;

import java.util.Optional;

/// Odd powers of an element of order q of PF_p, for digits of some bits: a row of them for the
/// element, and in a wide table one for each further digit, of the element to a power of two.
///
/// Each as its representative t, standing for 1 + it, whose inverse is 1 - it. Immutable.
final class PowerTable {
  /// 171 rows of 32, about 800 KB.
  private static final int WIDE = 6;

  /// A single row of 16.
  private static final int NARROW = 5;

  // a power a + ib in the making, as invertAll needs it
  private static final int A = 0;
  private static final int B = 2;
  private static final int SIZE = 3;

  private final Elements units;
  private final int width;
  private final int rows;

  private PowerTable(Elements units, int width, int rows) {
    this.units = units;
    this.width = width;
    this.rows = rows;
  }

  /// One that serves all digits without a square; takes some ten milliseconds.
  static PowerTable wide(Elements unit) {
    return of(unit, WIDE, Digits.count(WIDE));
  }

  static PowerTable narrow(Elements unit) {
    return of(unit, NARROW, 1);
  }

  private static PowerTable of(Elements unit, int width, int rows) {
    int row = 1 << (width - 1);
    int count = rows * row;
    var units = new Elements(unit.field(), count);
    try (var first = new PairingValue(unit.field());
        var powers = new Elements(unit.field(), count * SIZE)) {
      first.timesUnit(unit, 0, 0);
      for (int i = 0; i < rows; i++) {
        fill(first, row, powers, i * row * SIZE);
        for (int bit = 0; bit < width; bit++) {
          first.square();
        }
      }
      if (!powers.invertAll(A, SIZE, count)) {
        throw new IllegalArgumentException("an element with a table has order q");
      }
      for (int i = 0; i < count; i++) {
        powers.multiply(i * SIZE, i * SIZE, i * SIZE + B);
        units.copy(i, powers, i * SIZE, 1);
      }
    }
    return new PowerTable(units, width, rows);
  }

  /// Puts `count` odd powers of `first` one behind the other.
  private static void fill(PairingValue first, int count, Elements powers, int at) {
    try (PairingValue power = first.copy();
        PairingValue square = first.copy()) {
      square.square();
      for (int j = 0; j < count; j++) {
        power.copy(powers, at + j * SIZE + A, at + j * SIZE + B);
        power.times(square);
      }
    }
  }

  /// The element to the power of `scalar`, 128 octets below q, as its representative in F_p.
  byte[] power(byte[] scalar) {
    try (Digits digits = new Digits(scalar, width);
        var value = new PairingValue(units.field())) {
      for (int i = digits.count() - 1; i >= 0; i--) {
        for (int bit = 0; rows == 1 && bit < width; bit++) {
          value.square();
        }
        int row = rows == 1 ? 0 : i << (width - 1);
        value.timesUnit(units, row + digits.index(i), digits.sign(i));
      }
      Optional<byte[]> representative = value.representative();
      return representative.orElseThrow(
          () -> new IllegalStateException("no power of an element of the odd order q has order 2"));
    }
  }
}
