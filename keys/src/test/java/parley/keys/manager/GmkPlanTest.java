package parley.keys.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;

/// Periods follow each other without a gap, whatever the clock does.
class GmkPlanTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final GmkPlan WEEKLY = new GmkPlan(DAY.multipliedBy(7), DAY, HOUR);

  private static GroupMasterKey gmk(GmkPeriod period) {
    return GroupMasterKey.of(
        new Identity("sip:fire@example.org"),
        1,
        SecretBytes.take(new byte[16], "test"),
        NtpTimestamp.of(NOW),
        period.activation(),
        period.expiry(),
        false);
  }

  @Test
  void theFirstIsOpenAtOnceAndOutlivesItsTurnByTheOverlap() {
    GmkPeriod first = WEEKLY.due(null, NOW.plusMillis(300)).orElseThrow();
    assertThat(first.activation()).isEqualTo(NOW);
    assertThat(first.expiry()).isEqualTo(NOW.plus(DAY.multipliedBy(7)).plus(HOUR));
  }

  @Test
  void theNextIsMadeAheadAndBeginsWhenItsTurnComes() {
    GroupMasterKey first = gmk(WEEKLY.atOnce(NOW));
    Instant due = NOW.plus(DAY.multipliedBy(6));
    assertThat(WEEKLY.due(first, due.minusNanos(1))).isEmpty();
    assertThat(WEEKLY.nextLook(first)).isEqualTo(due);
    GmkPeriod next = WEEKLY.due(first, due).orElseThrow();
    assertThat(next.activation()).isEqualTo(NOW.plus(DAY.multipliedBy(7)));
    assertThat(next.activation()).isBefore(first.expiry());
    assertThat(WEEKLY.due(gmk(next), due)).isEmpty();
  }

  @Test
  void aStandstillIsNotMadeUpFor() {
    GroupMasterKey first = gmk(WEEKLY.atOnce(NOW));
    Instant late = first.expiry().minus(Duration.ofMinutes(1));
    assertThat(WEEKLY.due(first, late).orElseThrow().activation()).isEqualTo(late);
    Instant muchLater = NOW.plus(DAY.multipliedBy(100));
    GmkPeriod again = WEEKLY.due(first, muchLater).orElseThrow();
    assertThat(again).isEqualTo(WEEKLY.atOnce(muchLater));
  }

  /// Of a command that knows no plan, or of a plan before.
  @Test
  void aGmkOfNoPlanIsFollowedBeforeItEnds() {
    Instant end = NOW.plus(DAY.multipliedBy(2));
    GroupMasterKey shorter = gmk(new GmkPeriod(NOW, end));
    Instant due = end.minus(HOUR).minus(DAY);
    assertThat(WEEKLY.nextLook(shorter)).isEqualTo(due);
    assertThat(WEEKLY.due(shorter, due.minusNanos(1))).isEmpty();
    assertThat(WEEKLY.due(shorter, due).orElseThrow().activation()).isEqualTo(end.minus(HOUR));
    GroupMasterKey endless = gmk(GmkPeriod.from(NOW));
    assertThat(WEEKLY.due(endless, NOW.plus(DAY.multipliedBy(6))).orElseThrow().activation())
        .isEqualTo(NOW.plus(DAY.multipliedBy(7)));
  }

  @Test
  void onDemandNothingIsMadeByTimeButTheFirst() {
    GmkPeriod first = GmkPlan.ON_DEMAND.due(null, NOW).orElseThrow();
    assertThat(first).isEqualTo(GmkPeriod.from(NOW));
    assertThat(GmkPlan.ON_DEMAND.due(gmk(first), NOW.plus(DAY.multipliedBy(10_000)))).isEmpty();
    GroupMasterKey ended = gmk(new GmkPeriod(NOW, NOW.plus(HOUR)));
    assertThat(GmkPlan.ON_DEMAND.due(ended, NOW.plus(DAY))).as("nothing is prolonged").isEmpty();
  }

  @Test
  void whatIsNoPlanIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new GmkPlan(DAY, DAY, HOUR));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GmkPlan(DAY, Duration.ZERO, HOUR.negated()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GmkPlan(Duration.ofMillis(999), Duration.ZERO, HOUR));
  }
}
