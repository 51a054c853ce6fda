package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.P;

import java.math.BigInteger;
import java.util.Optional;

/// A point of E(F_p) as (X/Z^2, Y/Z^3), infinity where Z = 0: additions without an inversion.
final class JacobianPoint {
  static final JacobianPoint INFINITY =
      new JacobianPoint(BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);

  private final BigInteger x;
  private final BigInteger y;
  private final BigInteger z;

  JacobianPoint(BigInteger x, BigInteger y, BigInteger z) {
    this.x = x;
    this.y = y;
    this.z = z;
  }

  BigInteger x() {
    return x;
  }

  BigInteger y() {
    return y;
  }

  BigInteger z() {
    return z;
  }

  boolean isInfinity() {
    return z.signum() == 0;
  }

  /// Doubling for a = -3.
  JacobianPoint twice() {
    if (isInfinity()) {
      return this;
    }
    BigInteger gamma = y.multiply(y).mod(P);
    BigInteger beta = x.multiply(gamma).shiftLeft(2).mod(P);
    BigInteger alpha = tangent();
    BigInteger x3 = alpha.multiply(alpha).subtract(beta.shiftLeft(1)).mod(P);
    BigInteger y3 =
        alpha.multiply(beta.subtract(x3)).subtract(gamma.multiply(gamma).shiftLeft(3)).mod(P);
    return new JacobianPoint(x3, y3, y.multiply(z).shiftLeft(1).mod(P));
  }

  /// The numerator of the tangent's slope at this point; the denominator is the Z of [#twice()].
  BigInteger tangent() {
    BigInteger delta = z.multiply(z).mod(P);
    return x.subtract(delta).multiply(x.add(delta)).multiply(Fp.THREE).mod(P);
  }

  JacobianPoint plus(AffinePoint other) {
    if (isInfinity()) {
      return other.toJacobian();
    }
    BigInteger h = other.x().multiply(z.multiply(z).mod(P)).subtract(x).mod(P);
    BigInteger r = chord(other);
    if (h.signum() == 0) {
      return r.signum() == 0 ? twice() : INFINITY;
    }
    BigInteger h2 = h.multiply(h).mod(P);
    BigInteger h3 = h2.multiply(h).mod(P);
    BigInteger v = x.multiply(h2).mod(P);
    BigInteger x3 = r.multiply(r).subtract(h3).subtract(v.shiftLeft(1)).mod(P);
    BigInteger y3 = r.multiply(v.subtract(x3)).subtract(y.multiply(h3)).mod(P);
    return new JacobianPoint(x3, y3, z.multiply(h).mod(P));
  }

  /// The numerator of the slope from this point to `other`; the denominator is the Z of [#plus].
  BigInteger chord(AffinePoint other) {
    BigInteger z3 = z.multiply(z).mod(P).multiply(z).mod(P);
    return other.y().multiply(z3).subtract(y).mod(P);
  }

  /// Whether this is the point opposite to `other`.
  boolean isNegativeOf(AffinePoint other) {
    BigInteger z2 = z.multiply(z).mod(P);
    return !isInfinity()
        && other.x().multiply(z2).mod(P).equals(x)
        && other.y().multiply(z2).multiply(z).add(y).mod(P).signum() == 0;
  }

  Optional<AffinePoint> toAffine() {
    return isInfinity() ? Optional.empty() : Optional.of(toAffine(z.modInverse(P)));
  }

  AffinePoint toAffine(BigInteger zInverse) {
    BigInteger z2 = zInverse.multiply(zInverse).mod(P);
    return new AffinePoint(x.multiply(z2).mod(P), y.multiply(z2).mod(P).multiply(zInverse).mod(P));
  }
}
