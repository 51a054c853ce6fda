package parley.mikey.sakke;

import static parley.mikey.sakke.Comb.COLUMNS;
import static parley.mikey.sakke.Comb.ENTRIES;

import java.math.BigInteger;
import java.util.Arrays;
import parley.mikey.InvalidPoint;

/// Multiples of the generator P and powers of g =
///
/// <P, P>, from tables made on first use.
final class Generator {
  static final PointTable P = table();

  /// `POWERS[j]` is t where 1 + it stands for the product of `g^(2^(128 row))` over the bits `row`
  /// of j.
  private static final BigInteger[] POWERS = powers();

  private Generator() {}

  /// `g^r` in PF_p, as its representative in F_p (RFC 6508, 6.2.1, step 4a).
  static BigInteger power(BigInteger r) {
    Fp2 product = Fp2.ONE;
    for (int i = COLUMNS - 1; i >= 0; i--) {
      product = product.square().multiplyUnit(POWERS[Comb.column(r, i)]);
    }
    return product
        .representative()
        .orElseThrow(() -> new IllegalStateException("g^r has order 2, but g has the odd order q"));
  }

  private static PointTable table() {
    try {
      return PointTable.of(ParameterSet1.GENERATOR, "the generator");
    } catch (InvalidPoint e) {
      throw new IllegalStateException(e);
    }
  }

  private static BigInteger[] powers() {
    var products = new Fp2[ENTRIES];
    products[0] = Fp2.ONE;
    Fp2 row = new Fp2(BigInteger.ONE, ParameterSet1.G);
    for (int bit = 1; bit < ENTRIES; bit <<= 1) {
      for (int j = 0; j < bit; j++) {
        products[bit | j] = products[j].multiply(row.real(), row.imaginary());
      }
      for (int i = 0; i < COLUMNS; i++) {
        row = row.square();
      }
    }
    BigInteger[] inverses =
        Fp.invertAll(Arrays.stream(products).map(Fp2::real).toArray(BigInteger[]::new));
    var powers = new BigInteger[ENTRIES];
    Arrays.setAll(powers, j -> products[j].imaginary().multiply(inverses[j]).mod(ParameterSet1.P));
    return powers;
  }
}
