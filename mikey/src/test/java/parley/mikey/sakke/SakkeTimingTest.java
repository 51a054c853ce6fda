package parley.mikey.sakke;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Timing;

/// The master secret, and points that a sender chose under one RSK: what has few bits takes as long
/// as what is random. `-Dtiming.samples=N` for more of them; the bound stays.
class SakkeTimingTest {
  private static final int SAMPLES = Integer.getInteger("timing.samples", 10_000) / 20;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] SPARSE = Fp.octets(BigInteger.TWO.pow(900));

  static Stream<Curve> curves() {
    return CurveTest.curves();
  }

  @ParameterizedTest
  @MethodSource("curves")
  void multiplesOfTheGenerator(Curve curve) {
    curve.widen();
    assertConstant(
        SPARSE, SakkeTimingTest::scalar, k -> FixedBase.hiddenSum(curve.generator().times(k)));
  }

  @ParameterizedTest
  @MethodSource("curves")
  void inversesModuloTheOrder(Curve curve) {
    byte[] z = scalar();
    assertConstant(
        SPARSE, SakkeTimingTest::scalar, b -> curve.scalars().inverseOfSum(z, b).orElseThrow());
  }

  /// A point with small coordinates, G doubled, beside random ones.
  @ParameterizedTest
  @MethodSource("curves")
  void pairings(Curve curve) throws Exception {
    try (PairingLines lines = PairingLines.of(point(curve, scalar()), "K")) {
      assertConstant(
          point(curve, Fp.octets(BigInteger.TWO)).encode(),
          () -> point(curve, scalar()).encode(),
          r -> lines.with(decoded(curve, r)).orElseThrow());
    }
  }

  private static AffinePoint decoded(Curve curve, byte[] octets) {
    try {
      return AffinePoint.decode(curve.field(), octets, "R");
    } catch (parley.mikey.InvalidPoint e) {
      throw new AssertionError(e);
    }
  }

  private static AffinePoint point(Curve curve, byte[] k) {
    try (JacobianPoint multiple = FixedBase.sum(curve.generator().times(k))) {
      return multiple.toAffine().orElseThrow();
    }
  }

  private static byte[] scalar() {
    return Fp.octets(new BigInteger(1020, RANDOM));
  }

  private static void assertConstant(
      byte[] fixed, Supplier<byte[]> random, Function<byte[], Object> operation) {
    for (int i = 0; i < SAMPLES / 4; i++) {
      var _ = operation.apply(random.get());
    }
    assertThat(Math.abs(Timing.t(SAMPLES, fixed, random, operation))).isLessThan(Timing.LEAK);
  }
}
