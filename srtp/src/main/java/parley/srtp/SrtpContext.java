package parley.srtp;

import static parley.srtp.Verdict.ACCEPTED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One SSRC in one direction: the state of RFC 3711, 3.2.3 that is SRTP's.
///
/// A packet, and where the MKI and the rollover counter (RFC 4771) lie in it:
///
/// ```
/// AEAD  | header | ciphertext | tag 16 | MKI | ROC 4, with RCCm3 |
/// HMAC  | header | ciphertext | MKI | tag 4 or 10 |
/// ```
public final class SrtpContext implements CryptoContext {
  private final SrtpSession session;
  private final SrtpPolicy policy;
  private final SessionKey key;
  private final int ssrc;
  private final ReplayList received = new ReplayList();
  private final @Nullable TransmitIndex transmitted;
  private long seed = PacketBatch.NO_INDEX;

  private SrtpContext(SrtpSession session, int ssrc, @Nullable TransmitIndex transmitted) {
    this.session = session;
    this.policy = session.policy();
    this.key = session.srtp();
    this.ssrc = ssrc;
    this.transmitted = transmitted;
  }

  /// Receives a stream from its start: until a packet authenticated, the rollover counter is taken
  /// as 0 (with RCCm3, as the packet says).
  public static SrtpContext receiver(SrtpSession session, int ssrc) {
    return new SrtpContext(session, ssrc, null);
  }

  /// Receives a stream that may run already; `signedNextIndex` is what its sender signed as the
  /// index of its next packet. See [#seed].
  public static SrtpContext receiver(SrtpSession session, int ssrc, long signedNextIndex) {
    SrtpContext context = new SrtpContext(session, ssrc, null);
    context.seed(signedNextIndex);
    return context;
  }

  /// Sends a stream: the index follows from the packet's sequence number and only rises, from
  /// `firstIndex` on.
  public static SrtpContext sender(SrtpSession session, int ssrc, long firstIndex) {
    return new SrtpContext(session, ssrc, TransmitIndex.rising(firstIndex, PacketIndex.MAX_SRTP));
  }

  /// Sends packets of another stream under this key: the caller gives the index in
  /// [PacketBatch#packetIndex], in any order, each once, and has written its low half into the
  /// packet as sequence number.
  public static SrtpContext rekeyingSender(SrtpSession session, int ssrc) {
    return new SrtpContext(session, ssrc, TransmitIndex.once(PacketIndex.MAX_SRTP));
  }

  /// Tells a receiver the index of the sender's next packet from an authentic source. Without
  /// effect once a packet has authenticated: what a packet proves is newer than what was signed
  /// before it.
  public void seed(long signedNextIndex) {
    if (signedNextIndex < 0 || signedNextIndex > PacketIndex.MAX_SRTP) {
      throw new IllegalArgumentException("no 48-bit index: " + signedNextIndex);
    }
    if (!hasAuthenticated()) {
      seed = signedNextIndex;
    }
  }

  @Override
  public int ssrc() {
    return ssrc;
  }

  @Override
  public SrtpSession session() {
    return session;
  }

  @Override
  public long highestIndex() {
    return transmitted == null ? received.highest() : transmitted.highestUsed();
  }

  /// Checks a received packet as far as it is cheap and adds its descriptor; changes no state.
  ///
  /// Replay comes before the cipher because it costs less; it is recorded in [#commit] only,
  /// because until the tag verifies even the SSRC may be forged.
  Verdict planOpen(PacketBatch from, PacketBatch to, int slot, CipherBatch descriptors) {
    MemorySegment memory = from.memory();
    int at = from.offset(slot);
    int clearOctets = from.length(slot) - policy.srtpTrailerOctets();
    if (clearOctets < RtpPacket.FIXED_HEADER_OCTETS) {
      return Verdict.TOO_SHORT;
    }
    int headerOctets = RtpPacket.headerOctets(memory, at, clearOctets);
    Verdict address = checkAddress(headerOctets, memory, at);
    if (address != ACCEPTED) {
      return address;
    }
    if (!session.matchesMki(from, slot)) {
      return Verdict.WRONG_MKI;
    }
    long index = index(from, slot);
    from.packetIndex(slot, index);
    Verdict fresh = checkFresh(index);
    if (fresh != ACCEPTED) {
      return fresh;
    }
    if (clearOctets > to.slotOctets()) {
      return Verdict.NO_ROOM;
    }
    int i = descriptors.add(slot, at, to.offset(slot), key.engineKey());
    describe(descriptors, i, index, headerOctets, clearOctets - headerOctets);
    return ACCEPTED;
  }

  /// Records an index whose tag has verified. Asks again whether it is fresh, since its twin may
  /// have been committed in the same batch.
  Verdict commit(long index) {
    Verdict fresh = checkFresh(index);
    if (fresh == ACCEPTED) {
      received.add(index);
      key.spend();
    }
    return fresh;
  }

  private Verdict checkFresh(long index) {
    requireReceiver();
    if (key.isExpired()) {
      return Verdict.EXPIRED;
    }
    return index > PacketIndex.MAX_SRTP ? Verdict.INDEX_EXHAUSTED : received.check(index);
  }

  /// The index of a received packet: from its own rollover counter with RCCm3, else estimated from
  /// what authenticated last, from the seed, or with a rollover counter of 0.
  long index(PacketBatch from, int slot) {
    MemorySegment memory = from.memory();
    int at = from.offset(slot);
    int seq = RtpPacket.seq(memory, at);
    if (policy.rccm3()) {
      long rocAt = (long) at + from.length(slot) - SrtpPolicy.ROC_OCTETS;
      return PacketIndex.of(memory.get(RtpPacket.INT, rocAt), seq);
    }
    long reference = received.highest() >= 0 ? received.highest() : seed;
    return reference < 0 ? seq : PacketIndex.estimate(reference, seq);
  }

  /// Checks a packet to send, burns its index, writes header and trailer to the destination and
  /// adds the descriptor. A refusal changes nothing.
  Verdict planSeal(PacketBatch from, PacketBatch to, int slot, CipherBatch descriptors) {
    MemorySegment memory = from.memory();
    int at = from.offset(slot);
    int octets = from.length(slot);
    if (octets < RtpPacket.FIXED_HEADER_OCTETS) {
      return Verdict.TOO_SHORT;
    }
    int headerOctets = RtpPacket.headerOctets(memory, at, octets);
    Verdict address = checkAddress(headerOctets, memory, at);
    if (address != ACCEPTED) {
      return address;
    }
    if (octets + policy.srtpTrailerOctets() > to.slotOctets()) {
      return Verdict.NO_ROOM;
    }
    Verdict index = claimIndex(from, slot, RtpPacket.seq(memory, at));
    if (index != ACCEPTED) {
      return index;
    }
    if (to != from) {
      MemorySegment.copy(memory, at, to.memory(), to.offset(slot), headerOctets);
    }
    writeTrailer(to, slot, octets, from.packetIndex(slot));
    int i = descriptors.add(slot, at, to.offset(slot), key.engineKey());
    describe(descriptors, i, from.packetIndex(slot), headerOctets, octets - headerOctets);
    return ACCEPTED;
  }

  private Verdict claimIndex(PacketBatch from, int slot, int seq) {
    TransmitIndex transmit = requireSender();
    long index =
        transmit.isRising() ? PacketIndex.following(transmit.last(), seq) : from.packetIndex(slot);
    if (PacketIndex.seq(index) != seq) {
      return Verdict.WRONG_SEQ;
    }
    Verdict unused = key.isExpired() ? Verdict.EXPIRED : transmit.check(index);
    if (unused == ACCEPTED) {
      transmit.use(index);
      key.spend();
      from.packetIndex(slot, index);
    }
    return unused;
  }

  private Verdict checkAddress(int headerOctets, MemorySegment memory, int at) {
    if (headerOctets < 0) {
      return Verdict.MALFORMED_HEADER;
    }
    return RtpPacket.ssrc(memory, at) == ssrc ? ACCEPTED : Verdict.WRONG_SSRC;
  }

  private void writeTrailer(PacketBatch to, int slot, int clearOctets, long index) {
    long end = (long) to.offset(slot) + clearOctets + policy.srtpTrailerOctets();
    session.writeMki(to.memory(), end - policy.srtpMkiFromEnd());
    if (policy.rccm3()) {
      to.memory()
          .set(RtpPacket.INT, end - SrtpPolicy.ROC_OCTETS, PacketIndex.rolloverCounter(index));
    }
  }

  private void describe(
      CipherBatch descriptors, int i, long index, int headerOctets, int payloadOctets) {
    boolean isAead = policy.profile().isAead();
    int clearOctets = headerOctets + payloadOctets;
    descriptors.iv(i, key.ivHigh(ssrc, index), key.ivLow(index));
    descriptors.lengths(i, headerOctets, payloadOctets);
    descriptors.tag(
        i,
        isAead ? clearOctets : clearOctets + policy.mkiOctets(),
        policy.profile().srtpTagOctets());
    descriptors.word(i, PacketIndex.rolloverCounter(index), !isAead);
  }

  private void requireReceiver() {
    if (transmitted != null) {
      throw new IllegalStateException(this + " cannot unprotect");
    }
  }

  private TransmitIndex requireSender() {
    if (transmitted == null) {
      throw new IllegalStateException(this + " cannot protect");
    }
    return transmitted;
  }

  ReplayList received() {
    return received;
  }

  @Override
  public String toString() {
    return "SrtpContext[%s of SSRC %08x, highest index %d]"
        .formatted(transmitted == null ? "receiver" : "sender", ssrc, highestIndex());
  }
}
