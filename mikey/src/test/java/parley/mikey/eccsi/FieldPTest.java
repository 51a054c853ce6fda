package parley.mikey.eccsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;

/// The field of P-256 and its scalars against `BigInteger`.
class FieldPTest {
  private static final BigInteger P = FieldP.P;
  private static final BigInteger Q = Scalars.Q;
  private static final int A = 0;
  private static final int B = 5;
  private static final int C = 10;

  @Test
  void computesAsBigIntegers() {
    var random = new Random(1);
    for (int round = 0; round < 2000; round++) {
      BigInteger a = element(random);
      BigInteger b = element(random);
      var m = new long[15];
      FieldP.load(m, A, octets(a), 0);
      FieldP.load(m, B, octets(b), 0);
      FieldP.multiply(m, C, m, A, m, B);
      assertThat(value(m, C)).isEqualTo(a.multiply(b).mod(P));
      FieldP.square(m, C, m, A);
      assertThat(value(m, C)).isEqualTo(a.multiply(a).mod(P));
      FieldP.subtract(m, C, A, B);
      assertThat(value(m, C)).isEqualTo(a.subtract(b).mod(P));
      FieldP.add(m, C, A, B);
      FieldP.add(m, C, C, C);
      FieldP.reduce(m, C);
      assertThat(value(m, C)).isEqualTo(a.add(b).shiftLeft(1).mod(P));
      FieldP.negate(m, A, -1);
      assertThat(value(m, A)).isEqualTo(a.negate().mod(P));
      FieldP.negate(m, A, 0);
      FieldP.invert(m, A);
      assertThat(value(m, A)).isEqualTo(a.signum() == 0 ? a : a.negate().mod(P).modInverse(P));
    }
  }

  /// Sums and differences are not carried: products of the largest that a point's formulas make.
  @Test
  void multipliesWhatWasAddedAndSubtractedBefore() {
    var random = new Random(2);
    for (int round = 0; round < 2000; round++) {
      BigInteger a = element(random);
      BigInteger b = element(random);
      BigInteger c = element(random);
      var m = new long[15];
      FieldP.load(m, A, octets(a), 0);
      FieldP.load(m, B, octets(b), 0);
      FieldP.load(m, C, octets(c), 0);
      FieldP.subtract(m, A, A, B);
      FieldP.add(m, A, A, A);
      FieldP.subtract(m, B, C, B);
      FieldP.subtract(m, B, B, C);
      FieldP.multiply(m, C, m, A, m, B);
      BigInteger product = a.subtract(b).shiftLeft(1).multiply(b.negate()).mod(P);
      assertThat(value(m, C)).isEqualTo(product);
      FieldP.multiply(m, C, m, A, m, B);
      FieldP.square(m, A, m, C);
      FieldP.subtract(m, A, A, C);
      FieldP.subtract(m, A, A, C);
      FieldP.reduce(m, A);
      assertThat(m[A + 4]).isBetween(-(1L << 40), 1L << 48);
      assertThat(value(m, A))
          .isEqualTo(product.multiply(product).subtract(product.shiftLeft(1)).mod(P));
    }
  }

  @Test
  void knowsZeroInEveryForm() {
    var m = new long[10];
    FieldP.load(m, A, octets(P.subtract(BigInteger.ONE)), 0);
    System.arraycopy(FieldP.ONE, 0, m, B, 5);
    FieldP.add(m, A, A, B);
    assertThat(FieldP.isZero(m.clone(), A)).isTrue();
    FieldP.subtract(m, A, B, B);
    assertThat(FieldP.isZero(m.clone(), A)).isTrue();
    assertThat(FieldP.isZero(m.clone(), B)).isFalse();
  }

  @Test
  void computesScalars() {
    var random = new Random(3);
    for (int round = 0; round < 2000; round++) {
      BigInteger a = new BigInteger(256, random);
      BigInteger b = scalar(random);
      BigInteger c = new BigInteger(256, random);
      assertThat(Scalars.reduced(octets(a))).isEqualTo(octets(a.mod(Q)));
      assertThat(Scalars.product(octets(a), octets(b))).isEqualTo(octets(a.multiply(b).mod(Q)));
      assertThat(Scalars.productPlus(octets(a), octets(b), octets(c)))
          .isEqualTo(octets(a.multiply(b).add(c).mod(Q)));
      if (b.signum() > 0) {
        assertThat(Scalars.inverse(octets(b))).isEqualTo(octets(b.modInverse(Q)));
      }
    }
    byte[] largest = octets(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
    BigInteger l = new BigInteger(1, largest);
    assertThat(Scalars.productPlus(largest, largest, largest))
        .isEqualTo(octets(l.multiply(l).add(l).mod(Q)));
    assertThat(Scalars.inverse(new byte[32])).isEqualTo(new byte[32]);
  }

  private static BigInteger scalar(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> Q.subtract(BigInteger.valueOf(1 + random.nextInt(3)));
      case 1 -> BigInteger.valueOf(random.nextInt(3));
      default -> new BigInteger(256, random).mod(Q);
    };
  }

  private static BigInteger element(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> P.subtract(BigInteger.valueOf(1 + random.nextInt(3)));
      case 1 -> BigInteger.valueOf(random.nextInt(3));
      case 2 -> BigInteger.TWO.pow(random.nextInt(255)).subtract(BigInteger.ONE);
      default -> new BigInteger(256, random).mod(P);
    };
  }

  private static byte[] octets(BigInteger number) {
    return BigIntegers.asUnsignedByteArray(32, number);
  }

  private static BigInteger value(long[] memory, int at) {
    var octets = new byte[32];
    FieldP.store(memory.clone(), at, octets, 0);
    return new BigInteger(1, octets);
  }
}
