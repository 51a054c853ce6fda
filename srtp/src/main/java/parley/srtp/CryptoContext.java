package parley.srtp;

import static parley.srtp.Verdict.ACCEPTED;

import org.jspecify.annotations.Nullable;

/// The state of one SSRC in one direction under one session: what a slot of a [PacketBatch] needs
/// to be protected or unprotected.
///
/// Confined to its session's thread. State changes only for packets that end as [Verdict#ACCEPTED].
///
/// A received packet comes by twice: [#planOpen] checks what is cheap and changes nothing, because
/// until the tag verifies even the SSRC may be forged; [#commit] records what verified. A packet to
/// send comes by once: [#planSeal] burns its index before the cipher sees it.
public abstract sealed class CryptoContext permits SrtpContext, SrtcpContext {
  private final SrtpSession session;
  private final SessionKey key;
  private final int trailerOctets;
  private final ReplayList received = new ReplayList();
  private final @Nullable TransmitIndex transmitted;
  private int ssrc;

  CryptoContext(
      SrtpSession session,
      SessionKey key,
      int trailerOctets,
      int ssrc,
      @Nullable TransmitIndex transmitted) {
    this.session = session;
    this.key = key;
    this.trailerOctets = trailerOctets;
    this.ssrc = ssrc;
    this.transmitted = transmitted;
  }

  public final int ssrc() {
    return ssrc;
  }

  public final SrtpSession session() {
    return session;
  }

  /// The highest index accepted so far; -1 for none.
  public final long highestIndex() {
    return transmitted == null ? received.highest() : transmitted.highestUsed();
  }

  /// Whether a packet was accepted yet: authenticated by a receiver, or sent by a sender.
  public final boolean hasAuthenticated() {
    return highestIndex() >= 0;
  }

  /// Makes a receiver that has received nothing one of another SSRC, of which nothing up to `floor`
  /// shall be accepted (again); -1 for a new one.
  void restart(int newSsrc, long floor) {
    ssrc = newSsrc;
    received.restart(floor);
  }

  /// Checks a received packet as far as it is cheap, notes its index in the slot and adds its
  /// descriptor; changes no state. Replay comes before the cipher because it costs less.
  ///
  /// @throws IllegalStateException by a sender
  abstract Verdict planOpen(PacketBatch from, PacketBatch to, int slot, CipherBatch descriptors);

  /// Checks a packet to send, burns its index and notes it in the slot, writes header and trailer
  /// to the destination and adds the descriptor. A refusal changes nothing.
  ///
  /// @throws IllegalStateException by a receiver
  abstract Verdict planSeal(PacketBatch from, PacketBatch to, int slot, CipherBatch descriptors);

  /// Whether a packet of this index may still be received.
  final Verdict checkFresh(long index) {
    if (transmitted != null) {
      throw new IllegalStateException(this + " cannot unprotect");
    }
    return key.isExpired() ? Verdict.EXPIRED : received.check(index);
  }

  /// Records an index whose tag has verified, unless its twin in the same batch was faster.
  final Verdict commit(long index) {
    Verdict fresh = key.isExpired() ? Verdict.EXPIRED : received.check(index);
    if (fresh == ACCEPTED) {
      received.add(index);
      key.spend();
    }
    return fresh;
  }

  /// Burns the index of a packet to send, if it may be used.
  final Verdict claim(TransmitIndex transmit, long index) {
    Verdict unused = key.isExpired() ? Verdict.EXPIRED : transmit.check(index);
    if (unused == ACCEPTED) {
      transmit.use(index);
      key.spend();
    }
    return unused;
  }

  final TransmitIndex requireSender() {
    if (transmitted == null) {
      throw new IllegalStateException(this + " cannot protect");
    }
    return transmitted;
  }

  final boolean isReceiver() {
    return transmitted == null;
  }

  final SessionKey key() {
    return key;
  }

  /// What protection adds to a packet.
  final int trailerOctets() {
    return trailerOctets;
  }

  final ReplayList received() {
    return received;
  }

  @Override
  public String toString() {
    return "%s[%s of SSRC %08x, highest index %d]"
        .formatted(
            getClass().getSimpleName(), isReceiver() ? "receiver" : "sender", ssrc, highestIndex());
  }
}
