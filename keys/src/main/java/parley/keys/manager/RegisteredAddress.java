package parley.keys.manager;

import java.net.InetSocketAddress;
import java.time.Instant;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// Where a UE is reached by UDP, until when it said so ([Instant#MAX] where an operator did), and
/// the T of the message that said it.
public record RegisteredAddress(
    Identity ue, InetSocketAddress address, NtpTimestamp said, Instant until) {
  static final NtpTimestamp BY_OPERATOR = new NtpTimestamp(Long.MIN_VALUE);

  boolean isGood(Instant now) {
    return now.isBefore(until);
  }
}
