package parley.mikey.eccsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.mikey.Timing;

/// Secret scalars: one with few bits set takes as long as random ones. `-Dtiming.samples=N` for
/// more of them; the bound stays.
class EccsiTimingTest {
  private static final int SAMPLES = Integer.getInteger("timing.samples", 10_000);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] SPARSE = P256.encode(BigInteger.TWO.pow(200));
  private static final byte[] OTHER = P256.randomScalar(RANDOM);

  @ParameterizedTest
  @EnumSource
  void multiplesOfG(Adder adder) throws Exception {
    assumeThat(Adder.here()).contains(adder);
    var tableOfG = PointTable.of(adder, P256.decode(P256.G, "G"), 6, Digits.count(6));
    assertConstant(k -> {
      var sum = new PointSum();
      tableOfG.addHiddenMultiple(sum, k);
      return sum;
    });
  }

  @Test
  void productsAndInversesModuloTheOrder() {
    assertConstant(k -> Scalars.productPlus(k, OTHER, OTHER));
    assertConstant(Scalars::inverse);
    var modulus = new OddModulus(P256.Q);
    assertConstant(a -> {
      modulus.invertInJava(a);
      return a;
    });
  }

  /// What this test would not see proves nothing: a multiple by doublings and additions as they
  /// come.
  @Test
  void wouldNoticeALeak() throws Exception {
    long[] g = P256.decode(P256.G, "G");
    double t =
        Timing.t(
            SAMPLES,
            SPARSE,
            () -> P256.randomScalar(RANDOM),
            k -> {
              var sum = new PointSum();
              sum.plus(g, 0, 0);
              for (int bit = 0; bit < 256; bit++) {
                sum.twice();
                if (((k[bit / 8] >> (bit % 8)) & 1) != 0) {
                  sum.plus(g, 0, 0);
                }
              }
              return sum;
            });
    assertThat(Math.abs(t)).isGreaterThan(Timing.LEAK);
  }

  private static void assertConstant(Function<byte[], Object> operation) {
    for (int i = 0; i < SAMPLES / 2; i++) {
      var _ = operation.apply(OTHER);
    }
    double t = Timing.t(SAMPLES, SPARSE, () -> P256.randomScalar(RANDOM), operation);
    assertThat(Math.abs(t)).isLessThan(Timing.LEAK);
  }
}
