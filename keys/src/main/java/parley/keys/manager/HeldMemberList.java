package parley.keys.manager;

import java.time.Instant;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// A list of members whose signature was verified.
///
/// @param version when it was last changed
/// @param signed when it was signed
/// @param notAfter until when it is in force
public record HeldMemberList(
    Identity group,
    NtpTimestamp version,
    NtpTimestamp signed,
    Instant notAfter,
    MemberList members) {
  static HeldMemberList of(UnverifiedMemberList verified) {
    return new HeldMemberList(
        verified.group(),
        verified.version(),
        verified.timestamp(),
        verified.notAfter(),
        verified.list());
  }

  public boolean isInForce(Instant now) {
    return now.isBefore(notAfter);
  }
}
