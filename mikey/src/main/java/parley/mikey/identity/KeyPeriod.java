package parley.mikey.identity;

import java.time.Instant;

/// The time for which one set of a user's keys is good: `from` inclusive, `until` exclusive, UTC.
///
/// `number` counts as the KMS counts: months since year 0 with [UserIdFormat#RFC_6509] (year * 12 +
/// month - 1), periods since 1900 plus the offset with [UserIdFormat#TS_33180].
public record KeyPeriod(long number, Instant from, Instant until) {
  public KeyPeriod {
    if (number < 0 || !from.isBefore(until)) {
      throw new IllegalArgumentException(
          "key period " + number + " from " + from + " until " + until + " is none");
    }
  }

  public boolean contains(Instant t) {
    return !t.isBefore(from) && t.isBefore(until);
  }
}
