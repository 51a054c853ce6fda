package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;

import java.math.BigInteger;
import java.util.Optional;

/// An element of PF_p that changes, as a + ib of F_p^2 with i^2 = -1, where factors in F_p do not
/// count (RFC 6508, 2.1). For one thread.
final class PairingValue implements AutoCloseable {
  // the elements, as formulas name them
  private static final int A = 0;
  private static final int B = 1;
  private static final int T = 2;
  private static final int U = 3;

  /// Of the point at which lines are evaluated: x / y and 1 / y.
  private static final int X = 4;

  private static final int Y = 5;
  private static final int SLOPE = 6;
  private static final int OFFSET = 7;

  /// Another value.
  private static final int C = 8;

  private static final int D = 9;
  private static final int COUNT = 10;

  private static final Formula SQUARE =
      Formula.empty()
          .add(T, A, B)
          .subtract(U, A, B)
          .multiply(B, A, B)
          .add(B, B, B)
          .multiply(A, T, U);

  /// Times C + iD.
  private static final Formula TIMES =
      Formula.empty()
          .multiply(T, A, C)
          .multiply(U, B, D)
          .subtract(T, T, U)
          .multiply(U, A, D)
          .multiply(B, B, C)
          .add(B, B, U)
          .copy(A, T);

  /// Times 1 + iT.
  private static final Formula TIMES_UNIT =
      Formula.empty().multiply(U, B, T).multiply(T, A, T).subtract(A, A, U).add(B, B, T);

  private static final Formula NEGATED = Formula.empty().subtract(U, U, U).subtract(U, U, T);

  /// A line through multiples of K at (-x, iy), the image of (x, y) by the distortion map, is
  /// `slope x + offset + iy`. Divided by y, a factor in F_p.
  private static final Formula TIMES_LINE =
      Formula.empty()
          .multiply(T, SLOPE, X)
          .multiply(U, OFFSET, Y)
          .add(T, T, U)
          .multiply(U, A, T)
          .subtract(U, U, B)
          .multiply(T, B, T)
          .add(B, A, T)
          .copy(A, U);

  private static final Formula SQUARE_TIMES_LINE = SQUARE.then(TIMES_LINE);

  private static final Formula QUOTIENTS = Formula.empty().multiply(X, X, Y);

  private final Elements elements;

  /// 1.
  PairingValue(Field field) {
    this.elements = new Elements(field, COUNT);
    elements.load(A, BigInteger.ONE);
    elements.load(B, BigInteger.ZERO);
  }

  /// Sets the point at which lines are evaluated.
  ///
  /// @return whether it has a y, as all points of order q have
  boolean evaluateAt(AffinePoint point) {
    elements.copy(X, point.elements(), 0, 2);
    if (!elements.invert(Y)) {
      return false;
    }
    elements.run(QUOTIENTS, 0);
    return true;
  }

  PairingValue copy() {
    var copy = new PairingValue(elements.field());
    copy.elements.copy(A, elements, A, 2);
    return copy;
  }

  /// Copies a and b to two places.
  void copy(Elements to, int a, int b) {
    to.copy(a, elements, A, 1);
    to.copy(b, elements, B, 1);
  }

  void square() {
    elements.run(SQUARE, 0);
  }

  void times(PairingValue other) {
    elements.copy(C, other.elements, A, 2);
    elements.run(TIMES, 0);
  }

  /// Times 1 + it, t being number `at` of `units`; its inverse where `negative` is -1.
  void timesUnit(Elements units, int at, long negative) {
    elements.copy(T, units, at, 1);
    elements.run(NEGATED, 0);
    elements.replace(T, U, negative);
    elements.run(TIMES_UNIT, 0);
  }

  /// Times the line whose slope and offset are numbers `at` and `at + 1` of `lines`.
  void timesLine(Elements lines, int at) {
    elements.copy(SLOPE, lines, at, 2);
    elements.run(TIMES_LINE, 0);
  }

  void squareTimesLine(Elements lines, int at) {
    elements.copy(SLOPE, lines, at, 2);
    elements.run(SQUARE_TIMES_LINE, 0);
  }

  /// The 128 octets of its representative b / a in F_p (RFC 6508, 3.2), which the element of order
  /// 2 does not have.
  Optional<byte[]> representative() {
    elements.copy(T, elements, A, 1);
    if (!elements.invert(T)) {
      return Optional.empty();
    }
    elements.multiply(T, T, B);
    var octets = new byte[FIELD_OCTETS];
    elements.store(T, octets, 0);
    return Optional.of(octets);
  }

  @Override
  public void close() {
    elements.close();
  }
}
