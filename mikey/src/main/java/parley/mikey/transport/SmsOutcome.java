package parley.mikey.transport;

import parley.mikey.message.Octets;

/// What a segment brought about.
public sealed interface SmsOutcome {
  /// The last one that was missing; nothing of the message is held any more.
  record Complete(Octets message) implements SmsOutcome {}

  /// Others are missing; the same segment again changes nothing.
  record Incomplete(int missing) implements SmsOutcome {}

  /// The segment is not kept.
  record Refused(Reason reason) implements SmsOutcome {}

  /// Why not.
  enum Reason {
    /// Another segment of the same number has other octets: neither is believed, and the message is
    /// dropped as a whole.
    CONTRADICTION,
    /// Nothing of this sender could make room, and nothing of others does.
    FULL
  }
}
