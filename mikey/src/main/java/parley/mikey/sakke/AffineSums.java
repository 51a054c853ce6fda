package parley.mikey.sakke;

/// Many sums of two affine points at once, which share one inversion: six multiplications each in
/// place of eleven. For one thread.
final class AffineSums implements AutoCloseable {
  // the elements of a sum, as formulas name them: the result takes the place of the first point
  private static final int X = 0;
  private static final int X2 = 2;
  private static final int Y2 = 3;
  private static final int DX = 4;
  private static final int T = 5;
  private static final int SIZE = 6;
  private static final int Y = 1;

  private static final Formula DIFFERENCE = Formula.empty().subtract(DX, X2, X);
  private static final Formula NEGATED = Formula.empty().subtract(T, T, T).subtract(T, T, Y2);

  /// With `1 / DX` in the place of DX.
  private static final Formula SUM =
      Formula.empty()
          .subtract(T, Y2, Y)
          .multiply(T, T, DX)
          .square(DX, T)
          .subtract(DX, DX, X)
          .subtract(DX, DX, X2)
          .subtract(X, X, DX)
          .multiply(X, X, T)
          .subtract(Y, X, Y)
          .copy(X, DX);

  private final Elements elements;

  AffineSums(Field field, int most) {
    this.elements = new Elements(field, most * SIZE);
  }

  /// Sets the first point of sum `i`.
  void set(int i, Elements points, int at, long negative) {
    put(i * SIZE, points, at, negative);
    elements.copy(i * SIZE, elements, i * SIZE + X2, 2);
  }

  /// Sets the second point of sum `i`, which stays for further ones.
  void add(int i, Elements points, int at, long negative) {
    put(i * SIZE, points, at, negative);
  }

  private void put(int base, Elements points, int at, long negative) {
    elements.copy(base + X2, points, at, 2);
    elements.run(NEGATED, base);
    elements.replace(base + Y2, base + T, negative);
  }

  /// As [#add], of the first point or result of sum `j`.
  void addSum(int i, int j) {
    put(i * SIZE, elements, j * SIZE, 0);
  }

  /// Adds both points of the first `count` sums.
  ///
  /// @return false, and nothing of use in them, where two points have the same abscissa
  boolean run(int count) {
    for (int i = 0; i < count; i++) {
      elements.run(DIFFERENCE, i * SIZE);
    }
    if (!elements.invertAll(DX, SIZE, count)) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      elements.run(SUM, i * SIZE);
    }
    return true;
  }

  /// Copies sum `i` to number `at` of `to`.
  void get(int i, Elements to, int at) {
    to.copy(at, elements, i * SIZE, 2);
  }

  AffinePoint get(int i) {
    return AffinePoint.copyOf(elements, i * SIZE);
  }

  @Override
  public void close() {
    elements.close();
  }
}
