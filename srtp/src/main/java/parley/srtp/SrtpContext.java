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
public final class SrtpContext extends CryptoContext {
  private final @Nullable SessionKey extensionKey;

  /// The tag's offset and length as a descriptor has them, without the octets before the trailer.
  private final long tagBehindPayload;

  private final int mkiFromEnd;
  private final boolean isAead;
  private final boolean rccm3;
  private final boolean hasMkiOrRoc;
  private long seed = PacketBatch.NO_INDEX;
  private long followed = PacketBatch.NO_INDEX;

  private SrtpContext(SrtpSession session, int ssrc, @Nullable TransmitIndex transmitted) {
    SrtpPolicy policy = session.policy();
    super(session, session.srtp(), policy.srtpTrailerOctets(), ssrc, transmitted);
    this.extensionKey = session.headerExtensions();
    this.isAead = policy.profile().isAead();
    this.tagBehindPayload =
        CipherBatch.pair(isAead ? 0 : policy.mkiOctets(), policy.profile().srtpTagOctets());
    this.hasMkiOrRoc = policy.mkiOctets() > 0 || policy.rccm3();
    this.mkiFromEnd = policy.srtpMkiFromEnd();
    this.rccm3 = policy.rccm3();
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

  @Override
  void restart(int newSsrc, long floor) {
    super.restart(newSsrc, floor);
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
  Verdict checkHeader(PacketBatch from, int slot, int clearOctets) {
    if (clearOctets < RtpPacket.FIXED_HEADER_OCTETS) {
      return Verdict.TOO_SHORT;
    }
    MemorySegment memory = from.memory();
    long at = from.offset(slot);
    if (RtpPacket.headerOctets(memory, at, clearOctets) < 0) {
      return Verdict.MALFORMED_HEADER;
    }
    return RtpPacket.ssrc(memory, at) == ssrc() ? ACCEPTED : Verdict.WRONG_SSRC;
  }

  @Override
  Verdict findIndex(PacketBatch from, int slot, int clearOctets) {
    if (hasMkiOrRoc && !session().matchesMki(from, slot)) {
      return Verdict.WRONG_MKI;
    }
    long index = index(from, slot);
    from.packetIndex(slot, index);
    return index > PacketIndex.MAX_SRTP ? exhausted() : checkFresh(index);
  }

  /// Beyond the last index of a stream nothing is fresh, unless the key has ended before.
  private Verdict exhausted() {
    Verdict verdict = checkFresh(PacketIndex.MAX_SRTP);
    return verdict == Verdict.EXPIRED ? verdict : Verdict.INDEX_EXHAUSTED;
  }

  /// The index of a received packet: from its own rollover counter with RCCm3, else estimated from
  /// what authenticated last, from the seed, or with a rollover counter of 0.
  long index(PacketBatch from, int slot) {
    int seq = RtpPacket.seq(from.memory(), from.offset(slot));
    if (rccm3) {
      long rocAt = (long) from.offset(slot) + from.length(slot) - SrtpPolicy.ROC_OCTETS;
      return PacketIndex.of(from.memory().get(RtpPacket.INT, rocAt), seq);
    }
    long highest = Math.max(received().highest(), followed);
    long reference = highest >= 0 ? highest : seed;
    return reference < 0 ? seq : PacketIndex.estimate(reference, seq);
  }

  @Override
  Verdict claimIndex(PacketBatch from, int slot) {
    TransmitIndex transmit = requireSender();
    int seq = RtpPacket.seq(from.memory(), from.offset(slot));
    long index =
        transmit.isRising() ? PacketIndex.following(transmit.last(), seq) : from.packetIndex(slot);
    Verdict verdict = PacketIndex.seq(index) == seq ? claim(transmit, index) : Verdict.WRONG_SEQ;
    if (verdict == ACCEPTED) {
      from.packetIndex(slot, index);
    }
    return verdict;
  }

  @Override
  void writeTrailer(PacketBatch to, int slot, int clearOctets, long index) {
    if (hasMkiOrRoc) {
      long end = (long) to.offset(slot) + clearOctets + trailerOctets();
      session().writeMki(to.memory(), end - mkiFromEnd);
      if (rccm3) {
        to.memory()
            .set(RtpPacket.INT, end - SrtpPolicy.ROC_OCTETS, PacketIndex.rolloverCounter(index));
      }
    }
  }

  @Override
  void describe(
      PacketBatch from, PacketBatch to, int slot, int clearOctets, CipherBatch descriptors) {
    long index = from.packetIndex(slot);
    int at = from.offset(slot);
    int headerOctets = RtpPacket.headerOctets(from.memory(), at, clearOctets);
    SessionKey key = key();
    descriptors.add(
        slot,
        at,
        to.offset(slot),
        key.engineKey(),
        key.handle(),
        key.ivHigh(ssrc(), index),
        key.ivLow(index),
        CipherBatch.pair(headerOctets, clearOctets - headerOctets),
        clearOctets + tagBehindPayload,
        isAead ? 0 : CipherBatch.fourOctets(PacketIndex.rolloverCounter(index)));
    if (extensionKey != null) {
      descriptors.noteExtensions();
    }
  }

  /// Adds the packet at `offset`, already checked, to those whose extensions are to be enciphered
  /// or deciphered.
  void describeExtension(ExtensionCipher extensions, int slot, long offset, long index) {
    if (extensionKey != null) {
      extensions.add(slot, offset, this, extensionKey, index);
    }
  }
}
