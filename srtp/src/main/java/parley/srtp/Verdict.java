package parley.srtp;

/// What became of one packet. Only [#ACCEPTED] changed any state of a receiver or produced output.
///
/// The caller counts verdicts; no packet, however hostile, causes an exception.
public enum Verdict {
  /// Unprotected: authentic, fresh, decrypted. Protected: sealed under an index never used before.
  ACCEPTED,
  /// Too few octets for a header and the trailer of its policy.
  TOO_SHORT,
  /// Not version 2, or CSRC list or extension longer than the packet.
  MALFORMED_HEADER,
  /// The slot has no context; also what a slot says that was not processed yet.
  NO_CONTEXT,
  /// The SSRC in the packet is not the context's.
  WRONG_SSRC,
  /// The sequence number in the packet is not the low half of the index that the caller gave.
  WRONG_SEQ,
  /// The master key identifier in the packet is not the session's.
  WRONG_MKI,
  /// An SRTCP packet with the E flag clear; every policy here encrypts.
  NOT_ENCRYPTED,
  /// The index was received (or, by a re-keying sender, used) before.
  REPLAYED,
  /// The index is older than the replay list reaches.
  STALE,
  /// The packet is not authentic.
  BAD_TAG,
  /// The session is closed, or its master key has protected as many packets as RFC 3711, 9.2
  /// allows.
  EXPIRED,
  /// A sender was given a sequence number that does not follow its last one.
  INDEX_NOT_RISING,
  /// The index would pass 2^48 (SRTP) or 2^31 (SRTCP) and repeat a key stream.
  INDEX_EXHAUSTED,
  /// The slot of the destination is too small for the result.
  NO_ROOM;

  private static final Verdict[] ALL = values();

  /// A number for batches: storing it costs less than storing a reference, of which the garbage
  /// collector wants to know.
  @SuppressWarnings("EnumOrdinal") // never leaves the process
  byte code() {
    return (byte) ordinal();
  }

  static Verdict of(byte code) {
    return ALL[code];
  }
}
