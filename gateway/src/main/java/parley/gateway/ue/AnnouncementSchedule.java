package parley.gateway.ue;

import java.time.Duration;

/// When a running burst announces its session key again: 500 ms apart for 2 s, then every 2 s (wire
/// profile, section 3), counted in nanoseconds since the burst began.
public final class AnnouncementSchedule {
  private static final long CLOSE = Duration.ofMillis(500).toNanos();
  private static final long WIDE = Duration.ofSeconds(2).toNanos();

  private AnnouncementSchedule() {}

  /// The time of the first repeat after `sinceStart`.
  public static long next(long sinceStart) {
    long step = sinceStart < WIDE ? CLOSE : WIDE;
    return (sinceStart / step + 1) * step;
  }
}
