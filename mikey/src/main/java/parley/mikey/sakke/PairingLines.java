package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.P;
import static parley.mikey.sakke.ParameterSet1.Q;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import parley.mikey.InvalidPoint;

/// The pairing `<K, .>` with a fixed K of order q (RFC 6508, 3.2).
///
/// Miller's loop walks the multiples of K whatever the other point is, so its lines are computed
/// once, with one inversion for all. As `<K, R> = <R, K>`, a receiver keeps the lines of its own
/// key and only evaluates them. About 500 KB for a key. Immutable.
final class PairingLines {
  private static final BigInteger Q_MINUS_1 = Q.subtract(BigInteger.ONE);

  private final Line[] lines;

  private PairingLines(Line[] lines) {
    this.lines = lines;
  }

  /// @throws InvalidPoint if `[q]K` is not infinity
  static PairingLines of(AffinePoint k, String what) throws InvalidPoint {
    var steps = new ArrayList<Step>();
    JacobianPoint c = k.toJacobian();
    for (int bit = Q_MINUS_1.bitLength() - 2; bit >= 0; bit--) {
      JacobianPoint twice = c.twice();
      steps.add(Step.tangent(c, twice));
      c = twice;
      if (Q_MINUS_1.testBit(bit)) {
        JacobianPoint sum = c.plus(k);
        steps.add(Step.chord(c, k, sum));
        c = sum;
      }
    }
    if (!c.isNegativeOf(k) || steps.stream().anyMatch(step -> step.denominator.signum() == 0)) {
      throw new InvalidPoint(what + " is not in the subgroup of order q");
    }
    return new PairingLines(divided(steps));
  }

  private static Line[] divided(List<Step> steps) {
    BigInteger[] inverses =
        Fp.invertAll(steps.stream().map(step -> step.denominator).toArray(BigInteger[]::new));
    var lines = new Line[inverses.length];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = steps.get(i).over(inverses[i]);
    }
    return lines;
  }

  /// `<K, R>` as its representative in F_p. Absent only for an R that is not of order q, which may
  /// give any value as well: whoever did not make R has to check it by other means.
  Optional<BigInteger> with(AffinePoint r) {
    Fp2 v = Fp2.ONE;
    int next = 0;
    for (int bit = Q_MINUS_1.bitLength() - 2; bit >= 0; bit--) {
      v = lines[next++].times(v.square(), r);
      if (Q_MINUS_1.testBit(bit)) {
        v = lines[next++].times(v, r);
      }
    }
    return v.square().square().representative(); // c = (p + 1) / q = 4
  }

  /// A line through multiples of K. At (-x, iy), the image of R = (x, y) by the distortion map, its
  /// value is `slope x + offset + iy`, factors in F_p aside.
  private static final class Line {
    private final BigInteger slope;
    private final BigInteger offset;

    Line(BigInteger slope, BigInteger offset) {
      this.slope = slope;
      this.offset = offset;
    }

    Fp2 times(Fp2 v, AffinePoint r) {
      return v.multiply(slope.multiply(r.x()).add(offset).mod(P), r.y());
    }
  }

  /// A line before its division: `l = slope / denominator` and `l C_x - C_y = offset /
  /// denominator`.
  private static final class Step {
    private final BigInteger slope;
    private final BigInteger offset;
    private final BigInteger denominator;

    Step(BigInteger slope, BigInteger offset, BigInteger denominator) {
      this.slope = slope;
      this.offset = offset;
      this.denominator = denominator;
    }

    static Step tangent(JacobianPoint c, JacobianPoint twice) {
      BigInteger alpha = c.tangent();
      BigInteger z2 = c.z().multiply(c.z()).mod(P);
      return new Step(
          alpha.multiply(z2).mod(P),
          alpha.multiply(c.x()).subtract(c.y().multiply(c.y()).shiftLeft(1)).mod(P),
          twice.z().multiply(z2).mod(P));
    }

    /// The chord meets K as well, whose coordinates need no division.
    static Step chord(JacobianPoint c, AffinePoint k, JacobianPoint sum) {
      BigInteger slope = c.chord(k);
      BigInteger offset = slope.multiply(k.x()).subtract(k.y().multiply(sum.z())).mod(P);
      return new Step(slope, offset, sum.z());
    }

    Line over(BigInteger inverse) {
      return new Line(slope.multiply(inverse).mod(P), offset.multiply(inverse).mod(P));
    }
  }
}
