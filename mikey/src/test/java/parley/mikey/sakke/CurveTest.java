package parley.mikey.sakke;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.sakke.ParameterSet1.P;
import static parley.mikey.sakke.ParameterSet1.Q;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Points, tables and the pairing against affine arithmetic of `BigInteger`s, and over each
/// arithmetic that is here.
class CurveTest {
  private static final BigInteger THREE = BigInteger.valueOf(3);
  private static final Affine G = new Affine(ParameterSet1.GENERATOR_X, ParameterSet1.GENERATOR_Y);

  /// What the slow arithmetic says, in hexadecimal, once for all curves.
  private static final Map<BigInteger, String> MULTIPLES = new ConcurrentHashMap<>();

  static Stream<Curve> curves() {
    List<Curve> curves = new ArrayList<>();
    curves.add(new Curve(new JavaField(P), new JavaField(Q)));
    for (int tier = 0; NativeField.MISSING == null && tier <= FieldLibrary.TIER; tier++) {
      curves.add(new Curve(new NativeField(P, tier), new NativeField(Q, tier)));
    }
    return curves.stream();
  }

  /// Null is infinity.
  private record Affine(BigInteger x, BigInteger y) {
    static @Nullable Affine sum(@Nullable Affine a, @Nullable Affine b) {
      if (a == null || b == null) {
        return a == null ? b : a;
      }
      if (a.x.equals(b.x) && a.y.add(b.y).mod(P).signum() == 0) {
        return null;
      }
      BigInteger slope =
          a.equals(b)
              ? a.x
                  .multiply(a.x)
                  .subtract(BigInteger.ONE)
                  .multiply(THREE)
                  .multiply(a.y.shiftLeft(1).modInverse(P))
              : b.y.subtract(a.y).multiply(b.x.subtract(a.x).modInverse(P));
      BigInteger x = slope.multiply(slope).subtract(a.x).subtract(b.x).mod(P);
      return new Affine(x, slope.multiply(a.x.subtract(x)).subtract(a.y).mod(P));
    }

    static @Nullable Affine multiple(Affine base, BigInteger k) {
      Affine sum = null;
      for (int bit = k.bitLength() - 1; bit >= 0; bit--) {
        sum = sum(sum, sum);
        sum = k.testBit(bit) ? sum(sum, base) : sum;
      }
      return sum;
    }

    String hex() {
      return "04" + HexFormat.of().formatHex(Fp.octets(x)) + HexFormat.of().formatHex(Fp.octets(y));
    }
  }

  @ParameterizedTest
  @MethodSource("curves")
  void multipliesWithSmallAndLargeTables(Curve curve) {
    for (BigInteger k : scalars()) {
      String expected = MULTIPLES.computeIfAbsent(k, any -> hex(Affine.multiple(G, any)));
      for (boolean large : new boolean[] {false, true}) {
        if (large) {
          curve.widen();
        }
        FixedBase.Multiple term = curve.generator().times(Fp.octets(k));
        try (JacobianPoint sum = FixedBase.sum(term);
            JacobianPoint hidden = FixedBase.hiddenSum(term)) {
          assertThat(hex(sum.toAffine()))
              .as("[%s]P, large tables: %s", k, large)
              .isEqualTo(expected);
          assertThat(hex(hidden.toAffine())).isEqualTo(expected);
        }
      }
    }
  }

  /// 0 to 20, q - 20 to q, and some others.
  private static List<BigInteger> scalars() {
    var random = new Random(4);
    List<BigInteger> scalars = new ArrayList<>();
    for (int i = 0; i <= 20; i += 1 + i / 4) {
      scalars.add(BigInteger.valueOf(i));
      scalars.add(Q.subtract(BigInteger.valueOf(i + 1)));
      scalars.add(new BigInteger(1022, random).mod(Q));
      scalars.add(BigInteger.TWO.pow(8 * i + 3));
    }
    return scalars;
  }

  @ParameterizedTest
  @MethodSource("curves")
  void sumsManyAtOnce(Curve curve) {
    var random = new Random(5);
    BigInteger z = new BigInteger(1000, random);
    FixedBase other = new FixedBase(point(curve, Affine.multiple(G, z)));
    for (int count : new int[] {1, 3, 64}) {
      List<FixedBase.Multiple[]> sums = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        BigInteger a = new BigInteger(1020, random);
        BigInteger b = new BigInteger(1020, random);
        sums.add(
            new FixedBase.Multiple[] {
              curve.generator().times(Fp.octets(a)), other.times(Fp.octets(b))
            });
        try (JacobianPoint sum = FixedBase.sum(sums.getLast())) {
          expected.add(hex(sum.toAffine()));
        }
      }
      List<AffinePoint> points = FixedBase.sums(sums).orElseThrow();
      assertThat(points.stream().map(p -> HexFormat.of().formatHex(p.encode())).toList())
          .isEqualTo(expected);
    }
  }

  /// A sum that doubles a point, or ends at infinity, has no common inversion.
  @ParameterizedTest
  @MethodSource("curves")
  void saysWhereManySumsAreNotDefined(Curve curve) {
    FixedBase same = new FixedBase(point(curve, G));
    byte[] k = Fp.octets(BigInteger.valueOf(12345));
    byte[] opposite = Fp.octets(Q.subtract(BigInteger.valueOf(12345)));
    for (byte[] other : new byte[][] {k, opposite}) {
      FixedBase.Multiple[] sum = {curve.generator().times(k), same.times(other)};
      assertThat(FixedBase.sums(List.of(sum, sum))).isEmpty();
    }
    try (JacobianPoint doubled = FixedBase.sum(curve.generator().times(k), same.times(k));
        JacobianPoint nothing = FixedBase.sum(curve.generator().times(k), same.times(opposite))) {
      assertThat(hex(doubled.toAffine()))
          .isEqualTo(hex(Affine.multiple(G, BigInteger.valueOf(24690))));
      assertThat(nothing.isInfinite()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("curves")
  void pairsBilinearly(Curve curve) throws Exception {
    var random = new Random(6);
    for (int i = 0; i < 4; i++) {
      BigInteger a = new BigInteger(1020, random);
      BigInteger b = new BigInteger(1020, random);
      AffinePoint k = point(curve, Affine.multiple(G, a));
      AffinePoint r = point(curve, Affine.multiple(G, b));
      byte[] expected = curve.powerOfG(Fp.octets(a.multiply(b).mod(Q)));
      if (i == 1) {
        curve.widen();
      }
      assertThat(curve.powerOfG(Fp.octets(a.multiply(b).mod(Q)))).isEqualTo(expected);
      try (PairingLines lines = PairingLines.of(k, "K")) {
        assertThat(lines.with(r)).hasValueSatisfying(w -> assertThat(w).isEqualTo(expected));
      }
    }
    assertThat(curve.powerOfG(Fp.octets(BigInteger.ONE))).isEqualTo(Fp.octets(ParameterSet1.G));
  }

  @ParameterizedTest
  @MethodSource("curves")
  void computesScalars(Curve curve) {
    var random = new Random(7);
    for (int i = 0; i < 100; i++) {
      BigInteger a = new BigInteger(1024, random);
      BigInteger b = new BigInteger(1022, random).mod(Q);
      Scalars scalars = curve.scalars();
      assertThat(scalars.reduced(Fp.octets(a))).isEqualTo(Fp.octets(a.mod(Q)));
      assertThat(scalars.product(Fp.octets(a.mod(Q)), Fp.octets(b)))
          .isEqualTo(Fp.octets(a.multiply(b).mod(Q)));
      assertThat(scalars.inverseOfSum(Fp.octets(a.mod(Q)), Fp.octets(b)))
          .hasValueSatisfying(
              inverse -> assertThat(inverse).isEqualTo(Fp.octets(a.add(b).mod(Q).modInverse(Q))));
      assertThat(scalars.inverseOfSum(Fp.octets(b), Fp.octets(Q.subtract(b).mod(Q)))).isEmpty();
    }
  }

  private static AffinePoint point(Curve curve, @Nullable Affine point) {
    if (point == null) {
      throw new AssertionError("infinity");
    }
    return AffinePoint.of(curve.field(), point.x, point.y);
  }

  private static String hex(@Nullable Affine point) {
    return point == null ? "infinity" : point.hex();
  }

  private static String hex(Optional<AffinePoint> point) {
    return point.map(p -> HexFormat.of().formatHex(p.encode())).orElse("infinity");
  }
}
