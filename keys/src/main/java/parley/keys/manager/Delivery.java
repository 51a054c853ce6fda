package parley.keys.manager;

import java.time.Instant;
import parley.mikey.identity.Identity;

/// Where one UE stands with one GMK: `since` is when the message was made, or when the receipt
/// came.
public record Delivery(Identity ue, int gmkId, State state, Instant since) {
  /// How far it is.
  public enum State {
    /// The message exists; no receipt yet, so it may be sent again.
    PENDING,
    /// The UE has proved that it holds the GMK.
    CONFIRMED
  }
}
