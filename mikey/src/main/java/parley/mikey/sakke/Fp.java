package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.P;

import java.math.BigInteger;
import org.bouncycastle.util.BigIntegers;

/// Arithmetic modulo p that `BigInteger` does not have.
final class Fp {
  static final BigInteger THREE = BigInteger.valueOf(3);

  private Fp() {}

  /// The 128 octets of an element (RFC 6508, 4).
  static byte[] octets(BigInteger element) {
    return BigIntegers.asUnsignedByteArray(ParameterSet1.FIELD_OCTETS, element);
  }

  /// The inverse of each element for the price of one inversion and three multiplications each.
  ///
  /// @throws ArithmeticException if one of them is 0
  static BigInteger[] invertAll(BigInteger[] elements) {
    var products = new BigInteger[elements.length];
    BigInteger product = BigInteger.ONE;
    for (int i = 0; i < elements.length; i++) {
      products[i] = product;
      product = product.multiply(elements[i]).mod(P);
    }
    BigInteger inverse = product.modInverse(P);
    var inverses = new BigInteger[elements.length];
    for (int i = elements.length - 1; i >= 0; i--) {
      inverses[i] = inverse.multiply(products[i]).mod(P);
      inverse = inverse.multiply(elements[i]).mod(P);
    }
    return inverses;
  }
}
