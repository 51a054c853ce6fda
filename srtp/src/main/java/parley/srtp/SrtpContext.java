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
  private final @Nullable SessionKey extensionKey;
  private final int trailerOctets;
  private final int tagOctets;
  private final int tagBehindPayload;
  private final boolean isAead;
  private int ssrc;
  private final ReplayList received = new ReplayList();
  private final @Nullable TransmitIndex transmitted;
  private long seed = PacketBatch.NO_INDEX;
  private long followed = PacketBatch.NO_INDEX;

  private SrtpContext(SrtpSession session, int ssrc, @Nullable TransmitIndex transmitted) {
    this.session = session;
    this.policy = session.policy();
    this.key = session.srtp();
    this.extensionKey = session.headerExtensions();
    this.trailerOctets = policy.srtpTrailerOctets();
    this.tagOctets = policy.profile().srtpTagOctets();
    this.isAead = policy.profile().isAead();
    this.tagBehindPayload = isAead ? 0 : policy.mkiOctets();
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

  /// Receives a stream of which nothing up to `floor` shall be accepted (again); -1 for a new one.
  static SrtpContext receiverAbove(SrtpSession session, int ssrc, long floor) {
    SrtpContext context = new SrtpContext(session, ssrc, null);
    context.restart(ssrc, floor);
    return context;
  }

  /// Makes a receiver that has received nothing one of another SSRC.
  void restart(int ssrc, long floor) {
    this.ssrc = ssrc;
    received.restart(floor);
    seed = PacketBatch.NO_INDEX;
    followed = PacketBatch.NO_INDEX;
  }

  /// Tells a receiver that the stream has come as far under another master key, so that it
  /// completes sequence numbers from there.
  void follow(long index) {
    followed = Math.max(followed, index);
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
    int clearOctets = from.length(slot) - trailerOctets;
    Verdict verdict = checkReceived(from, slot, clearOctets);
    if (verdict == ACCEPTED && clearOctets > to.slotOctets()) {
      verdict = Verdict.NO_ROOM;
    }
    if (verdict == ACCEPTED) {
      describe(from, to, slot, clearOctets, descriptors);
    }
    return verdict;
  }

  private Verdict checkReceived(PacketBatch from, int slot, int clearOctets) {
    Verdict header = checkHeader(from, slot, clearOctets);
    if (header != ACCEPTED) {
      return header;
    }
    if (!session.matchesMki(from, slot)) {
      return Verdict.WRONG_MKI;
    }
    long index = index(from, slot);
    from.packetIndex(slot, index);
    return checkFresh(index);
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
    long highest = Math.max(received.highest(), followed);
    long reference = highest >= 0 ? highest : seed;
    return reference < 0 ? seq : PacketIndex.estimate(reference, seq);
  }

  /// Checks a packet to send, burns its index, writes header and trailer to the destination and
  /// adds the descriptor. A refusal changes nothing.
  Verdict planSeal(PacketBatch from, PacketBatch to, int slot, CipherBatch descriptors) {
    int clearOctets = from.length(slot);
    Verdict verdict = checkHeader(from, slot, clearOctets);
    if (verdict == ACCEPTED && clearOctets + trailerOctets > to.slotOctets()) {
      verdict = Verdict.NO_ROOM;
    }
    if (verdict == ACCEPTED) {
      verdict = claimIndex(from, slot);
    }
    if (verdict == ACCEPTED) {
      int i = describe(from, to, slot, clearOctets, descriptors);
      writeHeader(from, to, slot, descriptors.aadOctets(i));
      writeTrailer(to, slot, clearOctets, from.packetIndex(slot));
    }
    return verdict;
  }

  private Verdict claimIndex(PacketBatch from, int slot) {
    TransmitIndex transmit = requireSender();
    int seq = RtpPacket.seq(from.memory(), from.offset(slot));
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

  private Verdict checkHeader(PacketBatch from, int slot, int clearOctets) {
    if (clearOctets < RtpPacket.FIXED_HEADER_OCTETS) {
      return Verdict.TOO_SHORT;
    }
    if (RtpPacket.headerOctets(from.memory(), from.offset(slot), clearOctets) < 0) {
      return Verdict.MALFORMED_HEADER;
    }
    boolean isOurs = RtpPacket.ssrc(from.memory(), from.offset(slot)) == ssrc;
    return isOurs ? ACCEPTED : Verdict.WRONG_SSRC;
  }

  private static void writeHeader(PacketBatch from, PacketBatch to, int slot, int headerOctets) {
    if (to != from) {
      RtpPacket.copyHeader(
          from.memory(), from.offset(slot), to.memory(), to.offset(slot), headerOctets);
    }
  }

  private void writeTrailer(PacketBatch to, int slot, int clearOctets, long index) {
    long end = (long) to.offset(slot) + clearOctets + trailerOctets;
    session.writeMki(to.memory(), end - policy.srtpMkiFromEnd());
    if (policy.rccm3()) {
      to.memory()
          .set(RtpPacket.INT, end - SrtpPolicy.ROC_OCTETS, PacketIndex.rolloverCounter(index));
    }
  }

  /// Adds the descriptor of a packet whose header has been checked and whose index is known.
  private int describe(
      PacketBatch from, PacketBatch to, int slot, int clearOctets, CipherBatch descriptors) {
    long index = from.packetIndex(slot);
    int at = from.offset(slot);
    int headerOctets = RtpPacket.headerOctets(from.memory(), at, clearOctets);
    int i = descriptors.add(slot, at, to.offset(slot), key.engineKey());
    descriptors.iv(i, key.ivHigh(ssrc, index), key.ivLow(index));
    descriptors.lengths(i, headerOctets, clearOctets - headerOctets);
    descriptors.tag(i, clearOctets + tagBehindPayload, tagOctets);
    descriptors.word(i, PacketIndex.rolloverCounter(index), !isAead);
    if (extensionKey != null) {
      descriptors.noteExtensions();
    }
    return i;
  }

  int trailerOctets() {
    return trailerOctets;
  }

  /// Adds the packet at `offset`, already checked, to those whose extensions are to be enciphered
  /// or deciphered.
  void describeExtension(ExtensionCipher extensions, int slot, long offset, long index) {
    if (extensionKey != null) {
      extensions.add(slot, offset, this, extensionKey, index);
    }
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
