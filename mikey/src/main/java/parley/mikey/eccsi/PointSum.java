package parley.mikey.eccsi;

import java.util.Arrays;

/// A point of P-256 that grows, as (X/Z^2, Y/Z^3) over [FieldP].
///
/// The first point that is added begins the sum. Two points that are equal or opposite make Z 0 for
/// good, as does infinity: [#isDefined()] tells, and somebody slower has to find out which it was.
/// No scalar that is random gets there. For one thread.
final class PointSum implements AutoCloseable {
  static final int LIMBS = FieldP.LIMBS;

  /// Longs of an affine point in a table.
  static final int AFFINE = 2 * LIMBS;

  /// Longs of X, Y and Z.
  static final int JACOBIAN = 3 * LIMBS;

  private static final int X = 0;
  private static final int Y = LIMBS;
  private static final int Z = 2 * LIMBS;
  private static final int X2 = 3 * LIMBS;
  private static final int Y2 = 4 * LIMBS;
  private static final int T = 5 * LIMBS;
  private static final int U = 6 * LIMBS;
  private static final int V = 7 * LIMBS;
  private static final int H = 8 * LIMBS;
  private static final int R = 9 * LIMBS;
  private static final int SIZE = 10 * LIMBS;

  private final long[] m = new long[SIZE];
  private boolean begun;

  /// Adds a point for each digit, from the last to the first.
  ///
  /// @param points rows of those that a digit chooses from, in the form of `adder`
  /// @param doublings of the sum, before each digit of the last row
  /// @param rows digit i chooses in row i modulo that
  /// @param hidden whether all points of a row are read, whichever is chosen
  void add(Adder adder, long[] points, Digits digits, int doublings, int rows, boolean hidden) {
    switch (adder) {
      case JAVA -> addInJava(points, digits, doublings, rows, hidden);
      case KERNEL, KERNEL_WITH_ADX -> {
        P256Library.add(adder, m, begun ? 1 : 0, points, digits, doublings, rows, hidden);
        begun = true;
      }
    }
  }

  private void addInJava(long[] points, Digits digits, int doublings, int rows, boolean hidden) {
    for (int i = digits.count() - 1; i >= 0; i--) {
      int row = i % rows;
      for (int d = 0; begun && row == rows - 1 && d < doublings; d++) {
        twice();
      }
      int from = row * digits.choices() * AFFINE;
      if (hidden) {
        plusHidden(points, from, digits.choices(), digits.index(i), digits.sign(i));
      } else {
        plus(points, from + digits.index(i) * AFFINE, digits.sign(i));
      }
    }
  }

  void twice() {
    FieldP.square(m, T, m, Z);
    FieldP.square(m, U, m, Y);
    FieldP.multiply(m, Z, m, Y, m, Z);
    FieldP.add(m, Z, Z, Z);
    FieldP.subtract(m, V, X, T);
    FieldP.add(m, T, X, T);
    FieldP.multiply(m, V, m, V, m, T);
    FieldP.add(m, T, V, V);
    FieldP.add(m, V, V, T); // alpha = 3 (X - Z^2) (X + Z^2)
    FieldP.add(m, X, X, X);
    FieldP.add(m, U, U, U);
    FieldP.multiply(m, T, m, X, m, U); // 4 X Y^2
    FieldP.square(m, X, m, V);
    FieldP.subtract(m, X, X, T);
    FieldP.subtract(m, X, X, T);
    FieldP.reduce(m, X);
    FieldP.subtract(m, T, T, X);
    FieldP.multiply(m, Y, m, V, m, T);
    FieldP.square(m, U, m, U); // 4 Y^4
    FieldP.subtract(m, Y, Y, U);
    FieldP.subtract(m, Y, Y, U);
    FieldP.reduce(m, Y);
  }

  /// Adds the affine point at `at` of `points`, its opposite where `negative` is -1.
  void plus(long[] points, int at, long negative) {
    System.arraycopy(points, at, m, X2, AFFINE);
    plus(negative);
  }

  /// As [#plus(long[], int, long)] of point `choice` of `choices` from `at` on; all are read,
  /// whichever it is.
  private void plusHidden(long[] points, int at, int choices, int choice, long negative) {
    Arrays.fill(m, X2, X2 + AFFINE, 0);
    for (int i = 0; i < choices; i++) {
      long mask = ((long) (i ^ choice) - 1) >> 63;
      int from = at + i * AFFINE;
      for (int j = 0; j < AFFINE; j++) {
        m[X2 + j] |= points[from + j] & mask;
      }
    }
    plus(negative);
  }

  private void plus(long negative) {
    FieldP.negate(m, Y2, negative);
    if (!begun) {
      System.arraycopy(m, X2, m, X, AFFINE);
      System.arraycopy(FieldP.ONE, 0, m, Z, LIMBS);
      begun = true;
      return;
    }
    FieldP.square(m, T, m, Z);
    FieldP.multiply(m, H, m, X2, m, T);
    FieldP.subtract(m, H, H, X);
    FieldP.multiply(m, T, m, T, m, Z);
    FieldP.multiply(m, R, m, Y2, m, T);
    FieldP.subtract(m, R, R, Y);
    FieldP.square(m, T, m, H);
    FieldP.multiply(m, V, m, X, m, T);
    FieldP.multiply(m, T, m, T, m, H);
    FieldP.multiply(m, Z, m, Z, m, H);
    FieldP.square(m, X, m, R);
    FieldP.subtract(m, X, X, T);
    FieldP.subtract(m, X, X, V);
    FieldP.subtract(m, X, X, V);
    FieldP.reduce(m, X);
    FieldP.subtract(m, V, V, X);
    FieldP.multiply(m, V, m, V, m, R);
    FieldP.multiply(m, T, m, T, m, Y);
    FieldP.subtract(m, Y, V, T);
  }

  void setTo(PointSum other) {
    set(other.m, X);
  }

  /// Makes Z 1 by going over to the curve where twice this point has Z 1, which is `2 Y Z` here.
  void scaleToTwice() {
    FieldP.add(m, T, Y, Y);
    FieldP.square(m, U, m, T);
    FieldP.multiply(m, X, m, X, m, U);
    FieldP.multiply(m, T, m, T, m, U);
    FieldP.multiply(m, Y, m, Y, m, T);
    System.arraycopy(FieldP.ONE, 0, m, Z, LIMBS);
  }

  /// Begins with X, Y and Z at `at` of `points`.
  void set(long[] points, int at) {
    System.arraycopy(points, at, m, X, JACOBIAN);
    begun = true;
  }

  /// Copies X, Y and Z.
  void get(long[] points, int at) {
    System.arraycopy(m, X, points, at, JACOBIAN);
  }

  /// Whether it is a point other than infinity, and known to be.
  boolean isDefined() {
    System.arraycopy(m, Z, m, T, LIMBS);
    return begun && !FieldP.isZero(m, T);
  }

  /// Whether the 32 octets at `at`, a number below p, are its x; of a defined sum.
  boolean hasX(byte[] octets, int at) {
    FieldP.load(m, U, octets, at);
    FieldP.square(m, T, m, Z);
    FieldP.multiply(m, U, m, U, m, T);
    FieldP.subtract(m, U, U, X);
    return FieldP.isZero(m, U);
  }

  /// Whether it is the affine point at `at` of `points`; of a defined sum.
  boolean is(long[] points, int at) {
    FieldP.square(m, T, m, Z);
    FieldP.multiply(m, U, points, at, m, T);
    FieldP.subtract(m, U, U, X);
    FieldP.multiply(m, T, m, T, m, Z);
    FieldP.multiply(m, V, points, at + LIMBS, m, T);
    FieldP.subtract(m, V, V, Y);
    boolean sameX = FieldP.isZero(m, U);
    boolean sameY = FieldP.isZero(m, V);
    return sameX && sameY;
  }

  /// Makes Z 1, for the price of an inversion; of a defined sum.
  void normalise() {
    FieldP.invert(m, Z);
    normaliseBy(m, Z);
  }

  /// As [#normalise()], with the inverse of Z at `at` of `inverse`.
  void normaliseBy(long[] inverse, int at) {
    FieldP.square(m, T, inverse, at);
    FieldP.multiply(m, X, m, X, m, T);
    FieldP.multiply(m, T, m, T, inverse, at);
    FieldP.multiply(m, Y, m, Y, m, T);
    System.arraycopy(FieldP.ONE, 0, m, Z, LIMBS);
  }

  /// x and y, for the price of an inversion; of a defined sum.
  long[] affine() {
    normalise();
    var affine = new long[AFFINE];
    getAffine(affine, 0);
    return affine;
  }

  /// Copies x and y; of a normalised sum.
  void getAffine(long[] points, int at) {
    System.arraycopy(m, X, points, at, AFFINE);
  }

  /// Writes x and y, 64 octets; of a normalised sum, which is lost.
  void store(byte[] octets, int at) {
    FieldP.store(m, X, octets, at);
    FieldP.store(m, Y, octets, at + FieldP.OCTETS);
  }

  @Override
  public void close() {
    Arrays.fill(m, 0);
  }
}
