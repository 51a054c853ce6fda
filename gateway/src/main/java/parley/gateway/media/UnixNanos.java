package parley.gateway.media;

import java.time.Instant;

/// The time of day in nanoseconds, without an allocation for each reading.
///
/// Follows the monotonic clock and takes its bearings from the system clock once a second, so that
/// it stays within a second's drift of a clock that is being set.
final class UnixNanos {
  private static final long BEARING_NANOS = 1_000_000_000L;

  private long bearingAt;
  private long bearing;

  UnixNanos() {
    takeBearing(System.nanoTime());
  }

  long now() {
    long monotonic = System.nanoTime();
    if (monotonic - bearingAt > BEARING_NANOS) {
      takeBearing(monotonic);
    }
    return bearing + (monotonic - bearingAt);
  }

  private void takeBearing(long monotonic) {
    Instant instant = Instant.now();
    bearingAt = monotonic;
    bearing = instant.getEpochSecond() * BEARING_NANOS + instant.getNano();
  }
}
