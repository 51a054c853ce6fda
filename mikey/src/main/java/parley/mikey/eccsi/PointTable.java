package parley.mikey.eccsi;

/// Odd multiples of a point, for digits of some bits, and in a wide table those of the point times
/// each power of two that a digit stands for. Immutable, affine.
final class PointTable {
  private static final int LIMBS = FieldP.LIMBS;

  private final Adder adder;
  private final long[] points;
  private final int width;
  private final int rows;

  private PointTable(Adder adder, long[] points, int width, int rows) {
    this.adder = adder;
    this.points = points;
    this.width = width;
    this.rows = rows;
  }

  /// A row for each digit: a multiple takes no doubling. With 6 bits 88 KB, 110 KB for Java.
  static PointTable wide(long[] base, int width) {
    return of(Adder.BEST, base, width, Digits.count(width));
  }

  /// A single row, made for a single multiple: for 5 bits 16 points.
  static PointTable narrow(long[] base, int width) {
    return of(Adder.BEST, base, width, 1);
  }

  /// Whoever adds; with 1 row narrow, with [Digits#count] wide.
  static PointTable of(Adder adder, long[] base, int width, int rows) {
    long[] points =
        switch (adder) {
          case JAVA -> make(base, width, rows);
          case KERNEL, KERNEL_WITH_ADX -> P256Library.table(adder, base, width, rows);
        };
    return new PointTable(adder, points, width, rows);
  }

  private static long[] make(long[] base, int width, int rows) {
    int row = 1 << (width - 1);
    var multiples = new PointList(rows * row);
    var first = new PointSum();
    first.plus(base, 0, 0);
    for (int i = 0; i < rows; i++) {
      addOddMultiples(multiples, first, row);
      for (int bit = 0; bit < width && i + 1 < rows; bit++) {
        first.twice();
      }
    }
    return multiples.toAffine();
  }

  /// Where twice the point has Z, all others are taken over the curve where that is 1.
  private static void addOddMultiples(PointList to, PointSum first, int count) {
    var twice = new PointSum();
    twice.setTo(first);
    twice.twice();
    var multiple = new PointSum();
    multiple.setTo(first);
    multiple.scaleToTwice();
    var step = new long[PointSum.JACOBIAN];
    twice.get(step, 0);
    for (int i = 0; i < count; i++) {
      to.add(multiple, step, 2 * LIMBS);
      multiple.plus(step, 0, 0);
    }
  }

  /// Adds `[k]base`, k being 32 octets below q. A narrow table doubles the sum on its way, so it
  /// comes first.
  void addMultiple(PointSum sum, byte[] k) {
    add(sum, k, false);
  }

  /// As [#addMultiple], for a secret k: whatever it is, the same addresses are read.
  void addHiddenMultiple(PointSum sum, byte[] k) {
    add(sum, k, true);
  }

  private void add(PointSum sum, byte[] k, boolean hidden) {
    try (Digits digits = Digits.rows(k, width)) {
      sum.add(adder, points, digits, rows == 1 ? width : 0, rows, hidden);
    }
  }
}
