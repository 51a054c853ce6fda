package parley.mikey.eccsi;

/// Sums and differences of a point times powers of two far apart: two rows of 32 points, 4 KB, for
/// 21 doublings and 44 additions a multiple. Immutable, affine.
final class PointComb {
  private static final int TEETH = 6;
  private static final int ENTRIES = 1 << (TEETH - 1);
  private static final int ROWS = 2;
  private static final int AFFINE = PointSum.AFFINE;

  private final Adder adder;
  private final long[] points;

  private PointComb(Adder adder, long[] points) {
    this.adder = adder;
    this.points = points;
  }

  static PointComb of(long[] base) {
    return of(Adder.BEST, base);
  }

  static PointComb of(Adder adder, long[] base) {
    long[] points =
        switch (adder) {
          case JAVA -> make(base);
          case KERNEL, KERNEL_WITH_ADX ->
              P256Library.comb(adder, base, TEETH, ROWS, Digits.perRow(TEETH, ROWS));
        };
    return new PointComb(adder, points);
  }

  private static long[] make(long[] base) {
    long[] teeth = teeth(base);
    var entries = new PointList(ROWS * ENTRIES);
    for (int row = 0; row < ROWS; row++) {
      for (int entry = 0; entry < ENTRIES; entry++) {
        var sum = new PointSum();
        sum.plus(teeth, ((TEETH - 1) * ROWS + row) * AFFINE, 0);
        for (int tooth = 0; tooth < TEETH - 1; tooth++) {
          sum.plus(teeth, (tooth * ROWS + row) * AFFINE, (entry >> tooth & 1) - 1);
        }
        entries.add(sum);
      }
    }
    return entries.toAffine();
  }

  /// The first of each row, then the second of each, and so on.
  private static long[] teeth(long[] base) {
    var teeth = new PointList(TEETH * ROWS);
    var tooth = new PointSum();
    tooth.plus(base, 0, 0);
    for (int i = 0; i < TEETH * ROWS; i++) {
      teeth.add(tooth);
      for (int digit = 0; digit < Digits.perRow(TEETH, ROWS); digit++) {
        tooth.twice();
      }
    }
    return teeth.toAffine();
  }

  /// Adds `[k]base` to nothing; k is 32 octets below q.
  void addMultiple(PointSum sum, byte[] k) {
    try (Digits digits = Digits.comb(k, TEETH, ROWS)) {
      sum.add(adder, points, digits, 1, ROWS, false);
    }
  }
}
