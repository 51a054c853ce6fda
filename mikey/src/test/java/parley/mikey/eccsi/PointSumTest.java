package parley.mikey.eccsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Multiples of points of P-256 against Bouncy Castle's.
class PointSumTest {
  private static final ECPoint G = CustomNamedCurves.getByName("secp256r1").getG();

  static Stream<Adder> adders() {
    return Adder.here().stream();
  }

  @ParameterizedTest
  @MethodSource("adders")
  void multipliesG(Adder adder) throws Exception {
    PointTable tableOfG = wide(adder, P256.decode(P256.G, "G"));
    for (BigInteger k : scalars()) {
      if (k.signum() == 0) {
        continue;
      }
      byte[] expected = G.multiply(k).getEncoded(false);
      assertThat(P256.multiplyG(P256.encode(k))).as("[%s]G", k).isEqualTo(expected);
      var sum = new PointSum();
      var hidden = new PointSum();
      tableOfG.addMultiple(sum, P256.encode(k));
      tableOfG.addHiddenMultiple(hidden, P256.encode(k));
      assertThat(hidden.isDefined()).isEqualTo(sum.isDefined());
      if (sum.isDefined()) {
        assertThat(P256.encode(sum)).as("[%s]G", k).isEqualTo(expected);
        assertThat(P256.encode(hidden)).as("[%s]G", k).isEqualTo(expected);
      }
    }
  }

  /// With each kind of table; what is not defined may only be where two points met.
  @ParameterizedTest
  @MethodSource("adders")
  void multipliesAndAddsOtherPoints(Adder adder) throws Exception {
    var random = new Random(2);
    for (BigInteger k : scalars()) {
      ECPoint base = G.multiply(new BigInteger(250, random).add(BigInteger.ONE)).normalize();
      long[] point = P256.decode(base.getEncoded(false), "a point");
      BigInteger m = new BigInteger(256, random).mod(P256.Q);
      byte[] expected = base.multiply(k).add(G.multiply(m)).getEncoded(false);
      for (int kind = 0; kind < 4; kind++) {
        var sum = new PointSum();
        byte[] scalar = P256.encode(k);
        switch (kind) {
          case 0 -> PointComb.of(adder, point).addMultiple(sum, scalar);
          case 1 -> PointTable.of(adder, point, 5, 1).addMultiple(sum, scalar);
          case 2 -> PointTable.of(adder, point, 4, 1).addHiddenMultiple(sum, scalar);
          default -> wide(adder, point).addMultiple(sum, scalar);
        }
        P256.TABLE_OF_G.addMultiple(sum, P256.encode(m));
        if (k.bitLength() > 100 && P256.Q.subtract(k).bitLength() > 100) {
          assertThat(sum.isDefined()).as("kind %d, %s", kind, k).isTrue();
        }
        if (sum.isDefined()) {
          var x = new byte[32];
          System.arraycopy(expected, 1, x, 0, 32);
          assertThat(sum.hasX(x, 0)).isTrue();
          x[31] ^= 1;
          assertThat(sum.hasX(x, 0)).isFalse();
          assertThat(P256.encode(sum)).as("kind %d, %s", kind, k).isEqualTo(expected);
        }
      }
    }
  }

  /// A sum that Java left uncarried, or that met an equal point, goes on in the kernel as in Java.
  @ParameterizedTest
  @MethodSource("adders")
  void goesOnFromWhatJavaLeft(Adder adder) throws Exception {
    var random = new Random(5);
    long[] g = P256.decode(P256.G, "G");
    PointTable tableOfG = wide(adder, g);
    for (int round = 0; round < 200; round++) {
      ECPoint base = G.multiply(new BigInteger(250, random).add(BigInteger.ONE)).normalize();
      long[] point = P256.decode(base.getEncoded(false), "a point");
      var sum = new PointSum();
      sum.plus(point, 0, 0);
      sum.twice();
      sum.plus(point, 0, round % 2 - 1);
      sum.twice();
      if (round % 3 == 0) {
        sum.plus(g, 0, -1);
      }
      ECPoint expected = base.multiply(BigInteger.valueOf(round % 2 == 0 ? 2 : 6));
      expected = round % 3 == 0 ? expected.subtract(G) : expected;
      byte[] k = P256.encode(new BigInteger(255, random));
      tableOfG.addMultiple(sum, k);
      expected = expected.add(G.multiply(new BigInteger(1, k)));
      assertThat(P256.encode(sum)).isEqualTo(expected.getEncoded(false));
      sum.plus(point, 0, 0);
      sum.plus(sum.affine(), 0, 0);
      tableOfG.addMultiple(sum, k);
      assertThat(sum.isDefined()).isFalse();
    }
  }

  @Test
  void doesNotKnowWhatItDoesNotKnow() throws Exception {
    long[] g = P256.decode(P256.G, "G");
    for (long negative : new long[] {0, -1}) {
      var sum = new PointSum();
      sum.plus(g, 0, 0);
      assertThat(sum.isDefined()).isTrue();
      assertThat(sum.is(g, 0)).isTrue();
      sum.plus(g, 0, negative);
      assertThat(sum.isDefined()).isFalse();
      sum.plus(g, 0, 0);
      sum.twice();
      assertThat(sum.isDefined()).isFalse();
    }
    assertThat(new PointSum().isDefined()).isFalse();
    byte[] one = P256.encode(BigInteger.ONE);
    byte[] minusOne = P256.encode(P256.Q.subtract(BigInteger.ONE));
    assertThat(P256.sumSlowly(new byte[][] {P256.G, P256.G}, new byte[][] {one, one}))
        .isEqualTo(G.twice().getEncoded(false));
    assertThat(P256.sumSlowly(new byte[][] {P256.G, P256.G}, new byte[][] {one, minusOne}))
        .isEmpty();
  }

  private static PointTable wide(Adder adder, long[] point) {
    return PointTable.of(adder, point, 6, Digits.count(6));
  }

  private static List<BigInteger> scalars() {
    var random = new Random(4);
    List<BigInteger> scalars = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      scalars.add(BigInteger.valueOf(i));
      scalars.add(P256.Q.subtract(BigInteger.valueOf(i + 1)));
      scalars.add(new BigInteger(256, random).mod(P256.Q));
      scalars.add(BigInteger.TWO.pow(3 * i + 1));
    }
    return scalars;
  }
}
