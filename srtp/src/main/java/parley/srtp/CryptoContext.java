package parley.srtp;

import static parley.srtp.Verdict.ACCEPTED;

import org.jspecify.annotations.Nullable;

/// The state of one SSRC in one direction under one session: what a slot of a [PacketBatch] needs
/// to be protected or unprotected.
///
/// Confined to its session's thread. State changes only for packets that end as [Verdict#ACCEPTED].
///
/// The steps of a packet, in the order in which [SrtpTransform] takes them:
///
/// ```
/// received  checkHeader  findIndex   describe  (engine)  commit
/// to send   checkHeader  claimIndex  describe  writeTrailer  (engine)
/// ```
///
/// A received packet changes nothing before [#commit], because until its tag verifies even the SSRC
/// may be forged; the index of a packet to send is burnt before the engine sees it. Each step is
/// small enough for the compiler to put all of them into the transform's loop.
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

  /// Whether the packet, whose header and payload have `clearOctets`, has a header of ours.
  abstract Verdict checkHeader(PacketBatch from, int slot, int clearOctets);

  /// Notes the index of a received packet whose header was checked, and says whether it is fresh:
  /// replay comes before the cipher because it costs less.
  ///
  /// @throws IllegalStateException by a sender
  abstract Verdict findIndex(PacketBatch from, int slot, int clearOctets);

  /// Burns and notes the index of a packet to send whose header was checked. A refusal changes
  /// nothing.
  ///
  /// @throws IllegalStateException by a receiver
  abstract Verdict claimIndex(PacketBatch from, int slot);

  /// Adds the descriptor of a packet whose header was checked and whose index is noted.
  abstract void describe(
      PacketBatch from, PacketBatch to, int slot, int clearOctets, CipherBatch descriptors);

  /// Writes what is behind the payload of a packet to send, besides its tag.
  abstract void writeTrailer(PacketBatch to, int slot, int clearOctets, long index);

  /// Whether a packet of this index may still be received.
  final Verdict checkFresh(long index) {
    if (transmitted != null) {
      throw new IllegalStateException(this + " cannot unprotect");
    }
    return key.isExpired() ? Verdict.EXPIRED : received.check(index);
  }

  /// Records an index whose tag has verified, unless its twin in the same batch was faster.
  final Verdict commit(long index) {
    Verdict fresh = checkFresh(index);
    if (fresh == ACCEPTED) {
      received.add(index);
      key.spend();
    }
    return fresh;
  }

  /// Burns this index, if it may be used.
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
