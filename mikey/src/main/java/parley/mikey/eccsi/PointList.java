package parley.mikey.eccsi;

/// Points that become affine together, for the price of one inversion and some multiplications
/// each.
final class PointList {
  private static final int LIMBS = FieldP.LIMBS;
  private static final int Z = 2 * LIMBS;

  /// Of the Z of a point and all before it.
  private static final int PRODUCT = 3 * LIMBS;

  private static final int STRIDE = 4 * LIMBS;

  private final long[] points;
  private int count;

  PointList(int most) {
    points = new long[most * STRIDE];
  }

  void add(PointSum point) {
    point.get(points, count++ * STRIDE);
  }

  /// As [#add(PointSum)], of a point over the curve where `z` at `at` is 1.
  void add(PointSum point, long[] z, int at) {
    add(point);
    int of = (count - 1) * STRIDE + Z;
    FieldP.multiply(points, of, points, of, z, at);
  }

  /// x and y of each, one behind the other; nothing useful where one of them is infinite.
  long[] toAffine() {
    System.arraycopy(points, Z, points, PRODUCT, LIMBS);
    for (int i = 1; i < count; i++) {
      int at = i * STRIDE;
      FieldP.multiply(points, at + PRODUCT, points, at + PRODUCT - STRIDE, points, at + Z);
    }
    var inverse = new long[2 * LIMBS]; // of all Z from the first to this one, and of this one
    System.arraycopy(points, (count - 1) * STRIDE + PRODUCT, inverse, 0, LIMBS);
    FieldP.invert(inverse, 0);
    var affine = new long[count * PointSum.AFFINE];
    var point = new PointSum();
    for (int i = count - 1; i >= 0; i--) {
      int at = i * STRIDE;
      if (i == 0) {
        System.arraycopy(inverse, 0, inverse, LIMBS, LIMBS);
      } else {
        FieldP.multiply(inverse, LIMBS, inverse, 0, points, at + PRODUCT - STRIDE);
        FieldP.multiply(inverse, 0, inverse, 0, points, at + Z);
      }
      point.set(points, at);
      point.normaliseBy(inverse, LIMBS);
      point.getAffine(affine, i * PointSum.AFFINE);
    }
    return affine;
  }
}
