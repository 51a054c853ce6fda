package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AnnouncementScheduleTest {
  @Test
  void repeatsHalfASecondApartForTwoSecondsThenEveryTwo() {
    assertThat(LongStream.iterate(0, AnnouncementSchedule::next).limit(8).map(n -> n / 1_000_000))
        .containsExactly(0L, 500L, 1000L, 1500L, 2000L, 4000L, 6000L, 8000L);
  }

  @Test
  void aLateTimerSkipsWhatItMissed() {
    assertThat(AnnouncementSchedule.next(millis(1234))).isEqualTo(millis(1500));
    assertThat(AnnouncementSchedule.next(millis(5999))).isEqualTo(millis(6000));
  }

  private static long millis(long n) {
    return TimeUnit.MILLISECONDS.toNanos(n);
  }
}
