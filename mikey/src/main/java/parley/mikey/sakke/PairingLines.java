package parley.mikey.sakke;

import java.util.Optional;
import parley.mikey.InvalidPoint;

/// The pairing `<K, .>` with a fixed K of order q (RFC 6508, 3.2).
///
/// Miller's loop walks the multiples of K whatever the other point is, so its lines are computed
/// once, with one inversion for all. As `<K, R> = <R, K>`, a receiver keeps the lines of its own
/// key and only evaluates them, in the same steps for every R. About 390 KB, which `close()`
/// zeroes. Thread-safe until then.
final class PairingLines implements AutoCloseable {
  private static final int DOUBLINGS = Chain.addends().length;
  private static final int COUNT = DOUBLINGS + Chain.additions();

  // a line in the making: slope, offset and denominator, and the place that invertAll needs
  private static final int SLOPE = 0;
  private static final int OFFSET = 1;
  private static final int DENOMINATOR = 2;
  private static final int SIZE = 4;

  private static final Formula DIVIDED =
      Formula.empty().multiply(SLOPE, SLOPE, DENOMINATOR).multiply(OFFSET, OFFSET, DENOMINATOR);

  /// The slope and the offset of each.
  private final Elements lines;

  private PairingLines(Elements lines) {
    this.lines = lines;
  }

  /// @throws InvalidPoint if `[q]K` is not infinity
  static PairingLines of(AffinePoint k, String what) throws InvalidPoint {
    Field field = k.elements().field();
    try (var work = new Elements(field, COUNT * SIZE)) {
      if (!walk(k, work) || !work.invertAll(DENOMINATOR, SIZE, COUNT)) {
        throw new InvalidPoint(what + " is not in the subgroup of order q");
      }
      var lines = new Elements(field, 2 * COUNT);
      for (int i = 0; i < COUNT; i++) {
        work.run(DIVIDED, i * SIZE);
        lines.copy(2 * i, work, i * SIZE, 2);
      }
      return new PairingLines(lines);
    }
  }

  /// Leaves the lines in `work`; whether it went from K to -K.
  private static boolean walk(AffinePoint k, Elements work) {
    try (JacobianPoint point = k.toJacobian()) {
      int next = 0;
      for (int addend : Chain.addends()) {
        if (point.isInfinite()) {
          return false;
        }
        point.twiceByTangent();
        point.copyLine(work, SIZE * next++);
        if (addend != 0) {
          point.plusByChord(k, addend >> 1);
          point.copyLine(work, SIZE * next++);
        }
      }
      return point.isOppositeOf(k);
    }
  }

  /// `<K, R>` as its representative in F_p, 128 octets. Absent only for an R that is not of order
  /// q, which may give any value as well: whoever did not make R has to check it by other means.
  Optional<byte[]> with(AffinePoint r) {
    try (var value = new PairingValue(lines.field())) {
      if (!value.evaluateAt(r)) {
        return Optional.empty();
      }
      int next = 0;
      for (int addend : Chain.addends()) {
        value.squareTimesLine(lines, 2 * next++);
        if (addend != 0) {
          value.timesLine(lines, 2 * next++);
        }
      }
      value.square(); // to the power of (p + 1) / q = 4
      value.square();
      return value.representative();
    }
  }

  @Override
  public void close() {
    lines.close();
  }
}
