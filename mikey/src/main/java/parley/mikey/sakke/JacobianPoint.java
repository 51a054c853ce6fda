package parley.mikey.sakke;

import java.math.BigInteger;
import java.util.Optional;

/// A point of E(F_p) that changes, as (X/Z^2, Y/Z^3): sums without inversions.
///
/// A step takes the same time whatever the point, but for two that no secret scalar meets except at
/// odds of 2^-1000: at infinity, and where both points are the same or opposite. For one thread.
final class JacobianPoint implements AutoCloseable {
  // the elements, as formulas name them
  private static final int X = 0;
  private static final int Y = 1;
  private static final int Z = 2;

  /// The other point of a sum.
  private static final int X2 = 3;

  private static final int Y2 = 4;
  private static final int T = 5;

  /// The differences of abscissas and ordinates, over a common Z.
  private static final int DX = 6;

  private static final int DY = 7;
  private static final int U = 8;
  private static final int V = 9;

  // a line
  private static final int SLOPE = 10;
  private static final int OFFSET = 11;
  private static final int DENOMINATOR = 12;
  private static final int ONE = 13;
  private static final int COUNT = 14;

  /// For a = -3: `alpha = 3 (X - Z^2) (X + Z^2)`, in U.
  private static final Formula ALPHA =
      Formula.empty()
          .square(T, Z)
          .subtract(U, X, T)
          .add(V, X, T)
          .multiply(U, U, V)
          .add(V, U, U)
          .add(U, U, V);

  private static final Formula TWICE =
      ALPHA
          .square(T, Y)
          .multiply(Z, Y, Z)
          .add(Z, Z, Z)
          .multiply(V, X, T)
          .add(V, V, V)
          .add(V, V, V)
          .square(X, U)
          .subtract(X, X, V)
          .subtract(X, X, V)
          .square(T, T)
          .add(T, T, T)
          .add(T, T, T)
          .add(T, T, T)
          .subtract(V, V, X)
          .multiply(Y, U, V)
          .subtract(Y, Y, T);

  /// Slope `alpha / 2YZ`; the offset is `slope x - y`.
  private static final Formula TANGENT =
      ALPHA
          .multiply(SLOPE, U, T)
          .multiply(OFFSET, U, X)
          .multiply(DENOMINATOR, Y, Z)
          .add(DENOMINATOR, DENOMINATOR, DENOMINATOR)
          .multiply(DENOMINATOR, DENOMINATOR, T)
          .square(T, Y)
          .subtract(OFFSET, OFFSET, T)
          .subtract(OFFSET, OFFSET, T);

  private static final Formula DIFFERENCE =
      Formula.empty()
          .square(T, Z)
          .multiply(DX, X2, T)
          .subtract(DX, DX, X)
          .multiply(T, T, Z)
          .multiply(DY, Y2, T)
          .subtract(DY, DY, Y);

  private static final Formula SUM =
      Formula.empty()
          .square(T, DX)
          .multiply(U, T, DX)
          .multiply(V, X, T)
          .square(X, DY)
          .subtract(X, X, U)
          .subtract(X, X, V)
          .subtract(X, X, V)
          .subtract(V, V, X)
          .multiply(V, V, DY)
          .multiply(U, U, Y)
          .subtract(Y, V, U)
          .multiply(Z, Z, DX);

  /// After [#SUM]: the slope is DY / Z; as the line meets the other point, so is the offset.
  private static final Formula CHORD =
      Formula.empty()
          .copy(SLOPE, DY)
          .copy(DENOMINATOR, Z)
          .multiply(OFFSET, DY, X2)
          .multiply(T, Y2, Z)
          .subtract(OFFSET, OFFSET, T);

  private static final Formula NEGATED = Formula.empty().subtract(T, T, T).subtract(T, T, Y2);

  private static final Formula AFFINE =
      Formula.empty().square(T, Z).multiply(X, X, T).multiply(T, T, Z).multiply(Y, Y, T);

  private final Elements elements;
  private boolean infinite = true;

  /// Infinity.
  JacobianPoint(Field field) {
    this.elements = new Elements(field, COUNT);
    elements.load(ONE, BigInteger.ONE);
  }

  boolean isInfinite() {
    return infinite;
  }

  void twice() {
    if (!infinite) {
      elements.run(TWICE, 0);
      infinite = elements.isZero(Z);
    }
  }

  /// As [#twice()], leaving the tangent; not for infinity.
  void twiceByTangent() {
    elements.run(TANGENT, 0);
    twice();
  }

  /// Adds the affine point at number `at` of `points`, its opposite where `negative` is -1.
  void plus(Elements points, int at, long negative) {
    elements.copy(X2, points, at, 2);
    plus(negative);
  }

  /// As [#plus(Elements, int, long)] of point `choice` of `choices` that begin at `at`, which none
  /// can tell from the addresses read.
  void plusHidden(Elements points, int at, int choices, int choice, long negative) {
    elements.copyHidden(X2, points, at, 2, choices, choice);
    plus(negative);
  }

  private void plus(long negative) {
    elements.run(NEGATED, 0);
    elements.replace(Y2, T, negative);
    if (infinite) {
      elements.copy(X, elements, X2, 2);
      elements.copy(Z, elements, ONE, 1);
      infinite = false;
      return;
    }
    elements.run(DIFFERENCE, 0);
    if (!elements.isZero(DX)) {
      elements.run(SUM, 0);
    } else if (elements.isZero(DY)) {
      twice();
    } else {
      infinite = true;
    }
  }

  void plus(AffinePoint point) {
    plus(point.elements(), 0, 0);
  }

  /// Adds the point, its opposite where `negative` is -1, leaving the chord; for points neither
  /// equal nor opposite.
  void plusByChord(AffinePoint point, long negative) {
    plus(point.elements(), 0, negative);
    elements.run(CHORD, 0);
  }

  /// Copies what was left of the last line: slope, offset, and the denominator of both.
  void copyLine(Elements to, int at) {
    to.copy(at, elements, SLOPE, 3);
  }

  /// Copies X, Y and Z.
  void copy(Elements to, int at) {
    to.copy(at, elements, X, 3);
  }

  boolean is(AffinePoint point) {
    return is(point, 0);
  }

  boolean isOppositeOf(AffinePoint point) {
    return is(point, -1);
  }

  private boolean is(AffinePoint point, long negative) {
    if (infinite) {
      return false;
    }
    elements.copy(X2, point.elements(), 0, 2);
    elements.run(NEGATED, 0);
    elements.replace(Y2, T, negative);
    elements.run(DIFFERENCE, 0);
    boolean sameX = elements.isZero(DX);
    boolean sameY = elements.isZero(DY);
    return sameX && sameY;
  }

  /// The point, whose inversion is paid here; absent for infinity.
  Optional<AffinePoint> toAffine() {
    if (infinite) {
      return Optional.empty();
    }
    elements.invert(Z);
    elements.run(AFFINE, 0);
    elements.copy(Z, elements, ONE, 1);
    return Optional.of(AffinePoint.copyOf(elements, X));
  }

  @Override
  public void close() {
    elements.close();
  }
}
