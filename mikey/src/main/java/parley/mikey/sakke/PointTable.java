package parley.mikey.sakke;

import static parley.mikey.sakke.Comb.COLUMNS;
import static parley.mikey.sakke.Comb.ENTRIES;
import static parley.mikey.sakke.ParameterSet1.Q;

import java.math.BigInteger;
import java.util.Arrays;
import parley.mikey.InvalidPoint;

/// A fixed point of order q with the table for its multiples: 255 points, about 80 KB. Immutable.
final class PointTable {
  private final AffinePoint base;

  /// `sums[j]` is the sum of `[2^(128 row)]base` over the bits `row` of j; `sums[0]` repeats the
  /// base.
  private final AffinePoint[] sums;

  private PointTable(AffinePoint base, AffinePoint[] sums) {
    this.base = base;
    this.sums = sums;
  }

  /// @throws InvalidPoint if `[q]base` is not infinity
  static PointTable of(AffinePoint base, String what) throws InvalidPoint {
    var sums = new JacobianPoint[ENTRIES];
    sums[0] = base.toJacobian();
    JacobianPoint row = sums[0];
    for (int bit = 1; bit < ENTRIES; bit <<= 1) {
      row = bit == 1 ? row : shifted(row);
      AffinePoint rowBase = row.toAffine().orElseThrow(() -> notOfOrderQ(what));
      sums[bit] = rowBase.toJacobian();
      for (int j = 1; j < bit; j++) {
        sums[bit | j] = sums[j].plus(rowBase);
      }
    }
    if (Arrays.stream(sums).anyMatch(JacobianPoint::isInfinity)) {
      throw notOfOrderQ(what);
    }
    var table = new PointTable(base, normalised(sums));
    if (!table.multiply(Q).isInfinity()) {
      throw notOfOrderQ(what);
    }
    return table;
  }

  private static InvalidPoint notOfOrderQ(String what) {
    return new InvalidPoint(what + " is not in the subgroup of order q");
  }

  private static JacobianPoint shifted(JacobianPoint row) {
    JacobianPoint shifted = row;
    for (int i = 0; i < COLUMNS; i++) {
      shifted = shifted.twice();
    }
    return shifted;
  }

  private static AffinePoint[] normalised(JacobianPoint[] points) {
    BigInteger[] inverses =
        Fp.invertAll(Arrays.stream(points).map(JacobianPoint::z).toArray(BigInteger[]::new));
    var affine = new AffinePoint[points.length];
    Arrays.setAll(affine, j -> points[j].toAffine(inverses[j]));
    return affine;
  }

  AffinePoint base() {
    return base;
  }

  /// `[k]base`, k from 0 to q.
  JacobianPoint multiply(BigInteger k) {
    JacobianPoint sum = JacobianPoint.INFINITY;
    for (int i = COLUMNS - 1; i >= 0; i--) {
      sum = plusColumn(sum.twice(), k, i);
    }
    return sum;
  }

  /// `[k]base + [m]other.base` with shared doublings.
  JacobianPoint multiplyAdd(BigInteger k, PointTable other, BigInteger m) {
    JacobianPoint sum = JacobianPoint.INFINITY;
    for (int i = COLUMNS - 1; i >= 0; i--) {
      sum = other.plusColumn(plusColumn(sum.twice(), k, i), m, i);
    }
    return sum;
  }

  private JacobianPoint plusColumn(JacobianPoint sum, BigInteger k, int i) {
    int column = Comb.column(k, i);
    return column == 0 ? sum : sum.plus(sums[column]);
  }
}
