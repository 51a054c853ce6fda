package parley.keys.member;

import java.time.Instant;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// Somebody asks this member into the group that he or she manages (an ad-hoc group: its identity
/// is its creator's). That `creator` signed it with keys of `kmsUri` and that it opens for this
/// member is verified; nothing else of it is used before it is accepted.
///
/// @param issued T of the message
/// @param received when it came
public record Invitation(Identity creator, String kmsUri, NtpTimestamp issued, Instant received) {}
