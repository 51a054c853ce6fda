package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CleanRateTest {
  /// A relay that passes up to `limit` and drops the rest, before a sender that reaches `most`.
  private static Window offered(double rate, double limit, double most) {
    int packets = 100_000;
    double reached = Math.min(rate, most);
    long received = Math.round(packets * Math.min(1, limit / reached));
    return new Window(
        packets,
        1,
        rate,
        (long) (packets * 1e9 / reached),
        0,
        0,
        -1,
        new Received(received, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void findsTheLimit() throws Exception {
    CleanRate found = new CleanRate(rate -> offered(rate, 77_000, 1e6), 1000, 0.01).search();
    assertThat(found.isRigBound()).isFalse();
    assertThat(found.in()).isCloseTo(77_000, Percentage.withPercentage(1));
    assertThat(found.out()).isCloseTo(found.in(), Percentage.withPercentage(0.2));
  }

  @Test
  void saysWhenTheSenderComesToItsEndFirst() throws Exception {
    CleanRate found = new CleanRate(rate -> offered(rate, 1e6, 50_000), 1000, 0.01).search();
    assertThat(found.isRigBound()).isTrue();
    assertThat(found.in()).isCloseTo(50_000, Percentage.withPercentage(1));
  }

  @Test
  void isZeroWhereNothingIsClean() throws Exception {
    CleanRate found = new CleanRate(rate -> offered(rate, 10, 1e6), 1000, 0.01).search();
    assertThat(found.in()).isZero();
  }
}
