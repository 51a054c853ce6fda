package parley.mikey.sakke;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A point of order q that is multiplied again and again. Thread-safe.
final class FixedBase {
  /// A power of two that divides the number of digits.
  private static final int PARTS = 16;

  private final AffinePoint point;
  private final Growing<PointTable> table;

  FixedBase(AffinePoint point) {
    this.point = point;
    this.table = new Growing<>(PointTable.narrow(point), () -> PointTable.wide(point));
  }

  AffinePoint point() {
    return point;
  }

  private Field field() {
    return point.elements().field();
  }

  /// The large table, made here where there is none yet.
  PointTable widened() {
    return table.large();
  }

  /// `[k]this`, once it is summed. k is 128 octets below q, which stay the caller's.
  Multiple times(byte[] k) {
    return new Multiple(this, k);
  }

  /// A term of a sum.
  static final class Multiple {
    private final FixedBase base;
    private final byte[] k;

    private Multiple(FixedBase base, byte[] k) {
      this.base = base;
      this.k = k;
    }
  }

  /// The sum of some multiples, which the caller closes.
  static JacobianPoint sum(Multiple... terms) {
    return sum(PointTable::addTerm, terms);
  }

  /// As [#sum], for scalars that are used for long: whatever they are, the same addresses are read.
  static JacobianPoint hiddenSum(Multiple... terms) {
    return sum(PointTable::addHiddenTerm, terms);
  }

  private static JacobianPoint sum(PointTable.Adder adder, Multiple... terms) {
    for (Multiple term : terms) {
      term.base.table.use();
    }
    boolean large = Arrays.stream(terms).allMatch(term -> term.base.table.isLarge());
    PointTable[] tables = tables(large, terms);
    Digits[] digits = digits(tables, terms);
    var sum = new JacobianPoint(terms[0].base.field());
    for (int digit = digits[0].count() - 1; digit >= 0; digit--) {
      tables[0].doubleForDigit(sum);
      for (int i = 0; i < terms.length; i++) {
        adder.add(tables[i], sum, digits[i], digit);
      }
    }
    close(digits);
    return sum;
  }

  private static PointTable[] tables(boolean large, Multiple... terms) {
    return Arrays.stream(terms)
        .map(term -> term.base.table)
        .map(table -> large ? table.large() : table.small())
        .toArray(PointTable[]::new);
  }

  private static Digits[] digits(PointTable[] tables, Multiple... terms) {
    var digits = new Digits[terms.length];
    Arrays.setAll(digits, i -> tables[i].digits(terms[i].k));
    return digits;
  }

  private static void close(Digits... digits) {
    for (Digits each : digits) {
      each.close();
    }
  }

  /// As [#sum] for each of many lists of multiples of the same points, with the large tables, which
  /// are made here where they are not there yet.
  ///
  /// A sum is begun as [#PARTS] sums, so that as many additions share an inversion.
  ///
  /// @return nothing where a sum passes through infinity or doubles a point, as next to none does
  static Optional<List<AffinePoint>> sums(List<Multiple[]> sums) {
    int count = sums.size();
    PointTable[] tables = tables(true, sums.getFirst());
    List<Digits[]> digits = sums.stream().map(terms -> digits(tables, terms)).toList();
    try (var parts = new AffineSums(sums.getFirst()[0].base.field(), PARTS * count)) {
      int terms = tables.length * digits.getFirst()[0].count();
      boolean defined = true;
      for (int term = 0; term < terms; term++) {
        int part = term % PARTS;
        for (int i = 0; i < count; i++) {
          put(parts, part * count + i, tables, digits.get(i), term);
        }
        if (term >= PARTS && part == PARTS - 1) {
          defined &= parts.run(PARTS * count);
        }
      }
      for (int half = PARTS / 2 * count; half >= count; half /= 2) {
        for (int i = 0; i < half; i++) {
          parts.addSum(i, half + i);
        }
        defined &= parts.run(half);
      }
      return defined ? Optional.of(results(parts, count)) : Optional.empty();
    } finally {
      digits.forEach(FixedBase::close);
    }
  }

  private static void put(AffineSums parts, int i, PointTable[] tables, Digits[] digits, int term) {
    int digit = term / tables.length;
    PointTable table = tables[term % tables.length];
    Digits k = digits[term % tables.length];
    if (term < PARTS) {
      parts.set(i, table.points(), table.at(k, digit), k.sign(digit));
    } else {
      parts.add(i, table.points(), table.at(k, digit), k.sign(digit));
    }
  }

  private static List<AffinePoint> results(AffineSums parts, int count) {
    var results = new ArrayList<AffinePoint>();
    for (int i = 0; i < count; i++) {
      results.add(parts.get(i));
    }
    return results;
  }
}
