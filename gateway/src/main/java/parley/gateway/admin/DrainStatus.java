package parley.gateway.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether a gateway takes new bursts.
///
/// @param since when this state began
/// @param deadline when what still runs is ended; null unless draining
/// @param bursts how many still run, in all groups
public record DrainStatus(State state, Instant since, @Nullable Instant deadline, int bursts) {
  /// The way down, and back by resume.
  public enum State {
    /// New bursts are welcome.
    RUNNING,
    /// None are; what runs goes on until the deadline.
    DRAINING,
    /// Nothing runs any more.
    DRAINED
  }
}
