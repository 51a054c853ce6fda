package parley.gateway.net;

import java.time.Duration;

/// What a wire does to the datagrams it is told to impair, in one direction.
///
/// @param loss the share that vanishes, 0 to 1
/// @param duplication the share that comes twice, the copy with a delay of its own
/// @param reordering the share that is held back by `heldBack`, so that others overtake it
/// @param delay every datagram
/// @param jitter up to this much more, each its own; enough of it reorders too
public record Impairment(
    double loss,
    double duplication,
    double reordering,
    Duration heldBack,
    Duration delay,
    Duration jitter) {
  /// A perfect wire.
  public static final Impairment NONE =
      new Impairment(0, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  /// A cut one.
  public static final Impairment CUT = NONE.withLoss(1);

  public Impairment {
    for (double share : new double[] {loss, duplication, reordering}) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("a share is 0 to 1, not " + share);
      }
    }
  }

  public Impairment withLoss(double share) {
    return new Impairment(share, duplication, reordering, heldBack, delay, jitter);
  }

  public Impairment withDuplication(double share) {
    return new Impairment(loss, share, reordering, heldBack, delay, jitter);
  }

  public Impairment withReordering(double share, Duration by) {
    return new Impairment(loss, duplication, share, by, delay, jitter);
  }

  public Impairment withDelay(Duration always, Duration upToMore) {
    return new Impairment(loss, duplication, reordering, heldBack, always, upToMore);
  }
}
