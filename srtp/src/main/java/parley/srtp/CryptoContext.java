package parley.srtp;

/// The state of one SSRC in one direction under one session: what a slot of a [PacketBatch] needs
/// to be protected or unprotected.
///
/// Confined to its session's thread. State changes only for packets that end as [Verdict#ACCEPTED].
public sealed interface CryptoContext permits SrtpContext, SrtcpContext {
  int ssrc();

  SrtpSession session();

  /// The highest index accepted so far; -1 for none.
  long highestIndex();

  /// Whether a packet was accepted yet: authenticated by a receiver, or sent by a sender.
  default boolean hasAuthenticated() {
    return highestIndex() >= 0;
  }
}
