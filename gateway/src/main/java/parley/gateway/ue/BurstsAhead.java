package parley.gateway.ue;

import java.time.Duration;

/// How many bursts a talker keeps ready, and for how long one of them may wait.
///
/// One is enough for whoever presses, speaks and releases: the next is there within a millisecond.
/// Each holds the nonce of a signature, so few and short-lived is better.
///
/// @param count 0 for none: each burst is made when it is wanted
/// @param atMost one that was made longer ago is zeroed and another made
public record BurstsAhead(int count, Duration atMost) {
  private static final int MOST = 16;

  public static final BurstsAhead DEFAULT = new BurstsAhead(1, Duration.ofMinutes(2));

  /// For who speaks once.
  public static final BurstsAhead NONE = new BurstsAhead(0, Duration.ofMinutes(2));

  public BurstsAhead {
    if (count < 0 || count > MOST || !atMost.isPositive()) {
      throw new IllegalArgumentException(
          "%d bursts ahead for %s; it must be 0 to %d, for some time"
              .formatted(count, atMost, MOST));
    }
  }
}
