package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;
import static parley.mikey.sakke.ParameterSet1.P;
import static parley.mikey.sakke.ParameterSet1.POINT_OCTETS;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import parley.mikey.InvalidPoint;

/// A point of E(F_p) other than infinity. No record: a Receiver Secret Key is one, and must not
/// print.
final class AffinePoint {
  private final BigInteger x;
  private final BigInteger y;

  AffinePoint(BigInteger x, BigInteger y) {
    this.x = x;
    this.y = y;
  }

  /// `0x04 || x || y` of 257 octets, both below p and on the curve (RFC 6508, 4); its order is not
  /// checked.
  static AffinePoint decode(byte[] octets, String what) throws InvalidPoint {
    if (octets.length != POINT_OCTETS || octets[0] != 4) {
      throw new InvalidPoint(what + " is not a SAKKE point of 257 octets that begin with 04");
    }
    var x = new BigInteger(1, octets, 1, FIELD_OCTETS);
    var y = new BigInteger(1, octets, 1 + FIELD_OCTETS, FIELD_OCTETS);
    if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
      throw new InvalidPoint(what + " has a coordinate that is not below p");
    }
    var point = new AffinePoint(x, y);
    if (!point.isOnCurve()) {
      throw new InvalidPoint(what + " is not on the curve of SAKKE parameter set 1");
    }
    return point;
  }

  private boolean isOnCurve() {
    BigInteger right = x.multiply(x).subtract(Fp.THREE).multiply(x).mod(P);
    return y.multiply(y).mod(P).equals(right);
  }

  byte[] encode() {
    return ByteBuffer.allocate(POINT_OCTETS)
        .put((byte) 4)
        .put(Fp.octets(x))
        .put(Fp.octets(y))
        .array();
  }

  BigInteger x() {
    return x;
  }

  BigInteger y() {
    return y;
  }

  JacobianPoint toJacobian() {
    return new JacobianPoint(x, y, BigInteger.ONE);
  }
}
