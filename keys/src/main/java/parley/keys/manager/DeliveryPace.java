package parley.keys.manager;

import java.time.Duration;

/// How fast messages go out: so many a second at most, and each again after `first` without a
/// receipt, then after twice that and so on up to `longest`.
public record DeliveryPace(int perSecond, Duration first, Duration longest) {
  /// For networks of today.
  public static final DeliveryPace DEFAULT =
      new DeliveryPace(2000, Duration.ofSeconds(1), Duration.ofMinutes(5));

  public DeliveryPace {
    if (perSecond < 1 || first.toMillis() < 1 || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          perSecond + " a second, after " + first + " to " + longest + ", is no pace");
    }
  }

  /// How long the message waits that was sent so many times.
  long waitNanos(int sent) {
    long wait = first.toNanos();
    for (int i = 1; i < sent && wait < longest.toNanos(); i++) {
      wait *= 2;
    }
    return Math.min(wait, longest.toNanos());
  }
}
