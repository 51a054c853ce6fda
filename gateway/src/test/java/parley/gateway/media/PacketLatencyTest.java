package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Every latency is in the one bucket that is meant for it.
class PacketLatencyTest {
  private static final int LAST = PacketLatency.bounds();

  private final PacketLatency latency = new PacketLatency();

  private static long[] bounds() {
    return IntStream.range(0, LAST).mapToLong(PacketLatency::boundNanos).toArray();
  }

  private long all() {
    return IntStream.rangeClosed(0, LAST).mapToLong(latency::packets).sum();
  }

  @Test
  void bucketsGoFromTenMicrosecondsToTenSecondsInEvenSteps() {
    assertThat(bounds())
        .startsWith(10_000, 15_000, 20_000, 30_000, 50_000, 70_000, 100_000, 150_000)
        .endsWith(7_000_000_000L, TimeUnit.SECONDS.toNanos(10))
        .hasSize(37);
  }

  @Test
  void aBucketHoldsItsBoundAndNothingAbove() {
    long[] bounds = bounds();
    for (int i = 0; i < bounds.length; i++) {
      long before = latency.packets(i);
      latency.record(bounds[i]);
      assertThat(latency.packets(i)).as("%d ns", bounds[i]).isEqualTo(before + 1);
      long next = latency.packets(i + 1);
      latency.record(bounds[i] + 1);
      assertThat(latency.packets(i + 1)).as("%d ns", bounds[i] + 1).isEqualTo(next + 1);
    }
    assertThat(all()).isEqualTo(2L * bounds.length);
  }

  @Test
  void takesWhateverAClockSays() {
    latency.record(0);
    latency.record(-5);
    assertThat(latency.packets(0)).as("set back: 0").isEqualTo(2);
    latency.record(TimeUnit.DAYS.toNanos(1));
    latency.record(Long.MAX_VALUE - TimeUnit.DAYS.toNanos(1));
    assertThat(latency.packets(LAST)).isEqualTo(2);
    assertThat(latency.sumNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anyLatencyIsWhereASearchFromTheBottomFindsIt() {
    long seed = 5;
    Random random = new Random(seed);
    long[] bounds = bounds();
    for (int i = 0; i < 10_000; i++) {
      long nanos = random.nextLong() >>> random.nextInt(1, Long.SIZE);
      int wanted = (int) LongStream.of(bounds).filter(bound -> bound < nanos).count();
      long before = latency.packets(wanted);
      latency.record(nanos);
      assertThat(latency.packets(wanted)).as("%d ns, seed %d", nanos, seed).isEqualTo(before + 1);
    }
  }
}
