package parley.keys.enrol;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import parley.mikey.identity.KeyPeriod;

/// When keys are renewed, and when it is an alarm that they were not.
///
/// A KMS gives the next period's keys from some days before it begins. Devices ask within the first
/// half of that window, each at a moment of its own, so that not all of them come at once; the
/// other half is for repeating.
///
/// @param window how long before the end of a period its successor's keys are asked for, at most a
///   quarter of the period
/// @param firstPause after the first failure; each one after it is twice as long
/// @param longestPause the longest of them
/// @param alarmBefore how long before the end a failure is an alarm
public record RenewalPlan(
    Duration window, Duration firstPause, Duration longestPause, Duration alarmBefore) {
  private static final double SPREAD = 0.25;

  public static final RenewalPlan DEFAULT =
      new RenewalPlan(
          Duration.ofDays(6), Duration.ofMinutes(1), Duration.ofHours(2), Duration.ofHours(24));

  /// When the keys after those of `last` are asked for first.
  Instant firstAttempt(KeyPeriod last, RandomGenerator random) {
    Duration quarter = Duration.between(last.from(), last.until()).dividedBy(4);
    Duration open = window.compareTo(quarter) < 0 ? window : quarter;
    long spreadMillis = Math.max(1, open.toMillis() / 2);
    return last.until().minus(open).plusMillis(random.nextLong(spreadMillis));
  }

  /// How long to wait after `failures` in a row: doubling, and never the same for two devices.
  Duration pause(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, 20);
    long millis = Math.min(firstPause.toMillis() << doublings, longestPause.toMillis());
    return Duration.ofMillis((long) (millis * (1 - SPREAD * random.nextDouble())));
  }

  boolean isAlarming(Instant keysEnd, Instant now) {
    return !now.isBefore(keysEnd.minus(alarmBefore));
  }
}
