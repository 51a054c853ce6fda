package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.P;

import java.math.BigInteger;
import java.util.Optional;

/// An element a + ib of F_p^2, i^2 = -1; it may stand for an element of PF_p, where factors in F_p
/// do not count (RFC 6508, 2.1).
final class Fp2 {
  static final Fp2 ONE = new Fp2(BigInteger.ONE, BigInteger.ZERO);

  private final BigInteger a;
  private final BigInteger b;

  Fp2(BigInteger a, BigInteger b) {
    this.a = a;
    this.b = b;
  }

  BigInteger real() {
    return a;
  }

  BigInteger imaginary() {
    return b;
  }

  Fp2 square() {
    return new Fp2(a.add(b).multiply(a.subtract(b)).mod(P), a.multiply(b).shiftLeft(1).mod(P));
  }

  /// Times c + id.
  Fp2 multiply(BigInteger c, BigInteger d) {
    return new Fp2(
        a.multiply(c).subtract(b.multiply(d)).mod(P), a.multiply(d).add(b.multiply(c)).mod(P));
  }

  /// Times 1 + it.
  Fp2 multiplyUnit(BigInteger t) {
    return new Fp2(a.subtract(b.multiply(t)).mod(P), a.multiply(t).add(b).mod(P));
  }

  /// The representative b/a in F_p of this element of PF_p (RFC 6508, 3.2); the one of order 2 has
  /// none.
  Optional<BigInteger> representative() {
    return a.signum() == 0 ? Optional.empty() : Optional.of(b.multiply(a.modInverse(P)).mod(P));
  }
}
