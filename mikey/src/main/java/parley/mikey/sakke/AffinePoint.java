package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;
import static parley.mikey.sakke.ParameterSet1.POINT_OCTETS;

import java.math.BigInteger;
import parley.mikey.InvalidPoint;

/// A point of E(F_p) other than infinity, two elements. A Receiver Secret Key is one: it does not
/// print, and `close()` zeroes it.
final class AffinePoint implements AutoCloseable {
  private static final int X = 0;
  private static final int Y = 1;
  private static final int COUNT = 2;

  /// `y^2 - (x^3 - 3x)`, in element 2.
  private static final Formula EQUATION =
      Formula.empty()
          .square(2, X)
          .multiply(2, 2, X)
          .subtract(2, 2, X)
          .subtract(2, 2, X)
          .subtract(2, 2, X)
          .square(3, Y)
          .subtract(2, 3, 2);

  private final Elements elements;

  private AffinePoint(Elements elements) {
    this.elements = elements;
  }

  static AffinePoint copyOf(Elements source, int at) {
    var copy = new Elements(source.field(), COUNT);
    copy.copy(X, source, at, COUNT);
    return new AffinePoint(copy);
  }

  static AffinePoint of(Field field, BigInteger x, BigInteger y) {
    var elements = new Elements(field, COUNT);
    elements.load(X, x);
    elements.load(Y, y);
    return new AffinePoint(elements);
  }

  /// `0x04 || x || y` of 257 octets, both below p and on the curve (RFC 6508, 4); its order is not
  /// checked.
  static AffinePoint decode(Field field, byte[] octets, String what) throws InvalidPoint {
    if (octets.length != POINT_OCTETS || octets[0] != 4) {
      throw new InvalidPoint(what + " is not a SAKKE point of 257 octets that begin with 04");
    }
    boolean isBelowX = Fp.isBelowP(octets, 1);
    boolean isBelowY = Fp.isBelowP(octets, 1 + FIELD_OCTETS);
    if (!isBelowX || !isBelowY) {
      throw new InvalidPoint(what + " has a coordinate that is not below p");
    }
    try (var work = new Elements(field, 4)) {
      work.load(X, octets, 1);
      work.load(Y, octets, 1 + FIELD_OCTETS);
      work.run(EQUATION, 0);
      if (!work.isZero(2)) {
        throw new InvalidPoint(what + " is not on the curve of SAKKE parameter set 1");
      }
      return copyOf(work, X);
    }
  }

  byte[] encode() {
    var octets = new byte[POINT_OCTETS];
    octets[0] = 4;
    elements.store(X, octets, 1);
    elements.store(Y, octets, 1 + FIELD_OCTETS);
    return octets;
  }

  /// x is number 0, y is number 1.
  Elements elements() {
    return elements;
  }

  JacobianPoint toJacobian() {
    var point = new JacobianPoint(elements.field());
    point.plus(this);
    return point;
  }

  boolean hasOrderQ() {
    try (JacobianPoint point = toJacobian()) {
      for (int addend : Chain.addends()) {
        point.twice();
        if (addend != 0) {
          point.plus(elements, X, addend >> 1);
        }
      }
      return point.isOppositeOf(this);
    }
  }

  @Override
  public void close() {
    elements.close();
  }
}
