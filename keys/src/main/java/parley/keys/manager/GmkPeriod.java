package parley.keys.manager;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// A GMK's period of use, in whole seconds as the wire has it: `activation` inclusive, `expiry`
/// exclusive, [Instant#MAX] for none.
public record GmkPeriod(Instant activation, Instant expiry) {
  public GmkPeriod {
    activation = activation.truncatedTo(ChronoUnit.SECONDS);
    expiry = expiry.equals(Instant.MAX) ? expiry : expiry.truncatedTo(ChronoUnit.SECONDS);
    if (!activation.isBefore(expiry)) {
      throw new IllegalArgumentException(
          "the period " + activation + " to " + expiry + " is empty");
    }
  }

  /// From `activation` on, without an end.
  public static GmkPeriod from(Instant activation) {
    return new GmkPeriod(activation, Instant.MAX);
  }
}
