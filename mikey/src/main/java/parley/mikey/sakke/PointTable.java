package parley.mikey.sakke;

/// Odd multiples of a point of order q, for digits of some bits: a row of them for the point, and
/// in a wide table one for each further digit, of the point times a power of two. Immutable.
final class PointTable {
  /// 128 rows of 128 points, about 4.5 MB.
  private static final int WIDE = 8;

  /// A single row of 16 points.
  private static final int NARROW = 5;

  // a point in the making, as formulas name it
  private static final int X = 0;
  private static final int Y = 1;
  private static final int Z = 2;
  private static final int T = 3;
  private static final int SIZE = 4;

  private static final Formula AFFINE =
      Formula.empty().square(T, Z).multiply(X, X, T).multiply(T, T, Z).multiply(Y, Y, T);

  private final Elements points;
  private final int width;
  private final int rows;

  private PointTable(Elements points, int width, int rows) {
    this.points = points;
    this.width = width;
    this.rows = rows;
  }

  /// One that serves all digits without a doubling; takes some ten milliseconds.
  static PointTable wide(AffinePoint base) {
    return of(base, WIDE, Digits.count(WIDE));
  }

  static PointTable narrow(AffinePoint base) {
    return of(base, NARROW, 1);
  }

  private static PointTable of(AffinePoint base, int width, int rows) {
    Field field = base.elements().field();
    int row = 1 << (width - 1);
    var points = new Elements(field, rows * row * 2);
    try (var firsts = firsts(base, width, rows);
        var sums = new AffineSums(field, rows)) {
      for (int i = 0; i < rows; i++) {
        sums.set(i, firsts, 2 * i * SIZE, 0);
        sums.add(i, firsts, (2 * i + 1) * SIZE, 0);
        sums.get(i, points, i * row * 2);
      }
      for (int j = 1; j < row; j++) {
        if (!sums.run(rows)) {
          throw new IllegalArgumentException("a point with a table has order q");
        }
        for (int i = 0; i < rows; i++) {
          sums.get(i, points, (i * row + j) * 2);
        }
      }
    }
    return new PointTable(points, width, rows);
  }

  /// For each row its point and twice its point, four elements each, affine.
  private static Elements firsts(AffinePoint base, int width, int rows) {
    var firsts = new Elements(base.elements().field(), 2 * rows * SIZE);
    try (JacobianPoint point = base.toJacobian()) {
      for (int i = 0; i < rows; i++) {
        point.copy(firsts, 2 * i * SIZE);
        point.twice();
        point.copy(firsts, (2 * i + 1) * SIZE);
        for (int bit = 1; bit < width; bit++) {
          point.twice();
        }
      }
    }
    if (!firsts.invertAll(Z, SIZE, 2 * rows)) {
      throw new IllegalArgumentException("a point with a table has order q");
    }
    for (int i = 0; i < 2 * rows; i++) {
      firsts.run(AFFINE, i * SIZE);
    }
    return firsts;
  }

  /// The digits of a scalar for this table.
  Digits digits(byte[] scalar) {
    return new Digits(scalar, width);
  }

  Elements points() {
    return points;
  }

  /// Where the point of digit `i` lies among [#points()], but for its sign.
  int at(Digits k, int i) {
    return row(i) + 2 * k.index(i);
  }

  /// Makes place in a sum for the next lower digit, where the table has a single row.
  void doubleForDigit(JacobianPoint sum) {
    for (int bit = 0; rows == 1 && bit < width; bit++) {
      sum.twice();
    }
  }

  /// Adds the term of digit `i`.
  void addTerm(JacobianPoint sum, Digits k, int i) {
    sum.plus(points, at(k, i), k.sign(i));
  }

  /// As [#addTerm], reading all points of the row.
  void addHiddenTerm(JacobianPoint sum, Digits k, int i) {
    sum.plusHidden(points, row(i), 1 << (width - 1), k.index(i), k.sign(i));
  }

  private int row(int digit) {
    return rows == 1 ? 0 : digit << width;
  }

  /// How the term of a digit is added.
  interface Adder {
    void add(PointTable table, JacobianPoint sum, Digits k, int digit);
  }
}
