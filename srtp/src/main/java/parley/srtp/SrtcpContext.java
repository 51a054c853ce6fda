package parley.srtp;

import static parley.srtp.Verdict.ACCEPTED;

import org.jspecify.annotations.Nullable;

/// One SSRC in one direction: the state of RFC 3711, 3.2.3 that is SRTCP's.
///
/// The packet carries its whole 31-bit index, so there is nothing to estimate:
///
/// ```
/// AEAD  | header 8 | ciphertext | tag 16 | E, index 4 | MKI |
/// HMAC  | header 8 | ciphertext | E, index 4 | MKI | tag 10 |
/// ```
///
/// A packet whose E flag says that it is not encrypted is refused.
public final class SrtcpContext implements CryptoContext {
  private static final int ENCRYPTED = 0x8000_0000;

  private final SrtpSession session;
  private final SrtpPolicy policy;
  private final SessionKey key;
  private int ssrc;
  private final ReplayList received = new ReplayList();
  private final @Nullable TransmitIndex transmitted;

  private SrtcpContext(SrtpSession session, int ssrc, @Nullable TransmitIndex transmitted) {
    this.session = session;
    this.policy = session.policy();
    this.key = session.srtcp();
    this.ssrc = ssrc;
    this.transmitted = transmitted;
  }

  public static SrtcpContext receiver(SrtpSession session, int ssrc) {
    return new SrtcpContext(session, ssrc, null);
  }

  /// Receives a stream of which nothing up to `floor` shall be accepted (again); -1 for a new one.
  static SrtcpContext receiver(SrtpSession session, int ssrc, long floor) {
    SrtcpContext context = new SrtcpContext(session, ssrc, null);
    context.restart(ssrc, floor);
    return context;
  }

  /// Makes a receiver that has received nothing one of another SSRC.
  void restart(int ssrc, long floor) {
    this.ssrc = ssrc;
    received.restart(floor);
  }

  /// Numbers its packets by itself, from 0 (RFC 3711, 3.4); refuses the one that would be number
  /// 2^31.
  public static SrtcpContext sender(SrtpSession session, int ssrc) {
    return sender(session, ssrc, 0);
  }

  static SrtcpContext sender(SrtpSession session, int ssrc, long firstIndex) {
    return new SrtcpContext(session, ssrc, TransmitIndex.rising(firstIndex, PacketIndex.MAX_SRTCP));
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
  Verdict planOpen(PacketBatch from, PacketBatch to, int slot, CipherBatch descriptors) {
    int clearOctets = from.length(slot) - policy.srtcpTrailerOctets();
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
    if (!session.matchesSrtcpMki(from, slot)) {
      return Verdict.WRONG_MKI;
    }
    int word = from.memory().get(RtpPacket.INT, wordAt(from, slot, clearOctets));
    if ((word & ENCRYPTED) == 0) {
      return Verdict.NOT_ENCRYPTED;
    }
    long index = word & ~ENCRYPTED;
    from.packetIndex(slot, index);
    return checkFresh(index);
  }

  /// Records an index whose tag has verified, unless its twin in the same batch was faster.
  Verdict commit(long index) {
    Verdict fresh = checkFresh(index);
    if (fresh == ACCEPTED) {
      received.add(index);
      key.spend();
    }
    return fresh;
  }

  private Verdict checkFresh(long index) {
    if (transmitted != null) {
      throw new IllegalStateException(this + " cannot unprotect");
    }
    return key.isExpired() ? Verdict.EXPIRED : received.check(index);
  }

  /// Checks a packet to send, burns the next index, writes header and trailer to the destination
  /// and adds the descriptor. A refusal changes nothing.
  Verdict planSeal(PacketBatch from, PacketBatch to, int slot, CipherBatch descriptors) {
    int clearOctets = from.length(slot);
    Verdict verdict = checkHeader(from, slot, clearOctets);
    if (verdict == ACCEPTED && clearOctets + policy.srtcpTrailerOctets() > to.slotOctets()) {
      verdict = Verdict.NO_ROOM;
    }
    if (verdict == ACCEPTED) {
      verdict = claimIndex(from, slot);
    }
    if (verdict == ACCEPTED) {
      describe(from, to, slot, clearOctets, descriptors);
      writeHeader(from, to, slot);
      writeTrailer(to, slot, clearOctets, from.packetIndex(slot));
    }
    return verdict;
  }

  private Verdict claimIndex(PacketBatch from, int slot) {
    if (transmitted == null) {
      throw new IllegalStateException(this + " cannot protect");
    }
    long index = transmitted.last() + 1;
    Verdict unused = key.isExpired() ? Verdict.EXPIRED : transmitted.check(index);
    if (unused == ACCEPTED) {
      transmitted.use(index);
      key.spend();
      from.packetIndex(slot, index);
    }
    return unused;
  }

  private Verdict checkHeader(PacketBatch from, int slot, int clearOctets) {
    if (clearOctets < RtcpPacket.HEADER_OCTETS) {
      return Verdict.TOO_SHORT;
    }
    if (RtcpPacket.headerOctets(from.memory(), from.offset(slot), clearOctets) < 0) {
      return Verdict.MALFORMED_HEADER;
    }
    boolean isOurs = RtcpPacket.ssrc(from.memory(), from.offset(slot)) == ssrc;
    return isOurs ? ACCEPTED : Verdict.WRONG_SSRC;
  }

  private static void writeHeader(PacketBatch from, PacketBatch to, int slot) {
    if (to != from) {
      RtpPacket.copyHeader(
          from.memory(), from.offset(slot), to.memory(), to.offset(slot), RtcpPacket.HEADER_OCTETS);
    }
  }

  private void writeTrailer(PacketBatch to, int slot, int clearOctets, long index) {
    long end = (long) to.offset(slot) + clearOctets + policy.srtcpTrailerOctets();
    to.memory().set(RtpPacket.INT, wordAt(to, slot, clearOctets), ENCRYPTED | (int) index);
    session.writeMki(to.memory(), end - policy.srtcpMkiFromEnd());
  }

  /// Where E flag and index lie: behind the tag of an AEAD profile, before that of an HMAC profile.
  private long wordAt(PacketBatch batch, int slot, int clearOctets) {
    SrtpProfile profile = policy.profile();
    int tagBefore = profile.isAead() ? profile.srtcpTagOctets() : 0;
    return (long) batch.offset(slot) + clearOctets + tagBefore;
  }

  private void describe(
      PacketBatch from, PacketBatch to, int slot, int clearOctets, CipherBatch descriptors) {
    SrtpProfile profile = policy.profile();
    long index = from.packetIndex(slot);
    int tagOffset =
        profile.isAead()
            ? clearOctets
            : clearOctets + SrtpPolicy.SRTCP_INDEX_OCTETS + policy.mkiOctets();
    int i = descriptors.add(slot, from.offset(slot), to.offset(slot), key.engineKey());
    descriptors.iv(i, key.ivHigh(ssrc, index), key.ivLow(index));
    descriptors.lengths(i, RtcpPacket.HEADER_OCTETS, clearOctets - RtcpPacket.HEADER_OCTETS);
    descriptors.tag(i, tagOffset, profile.srtcpTagOctets());
    descriptors.word(i, ENCRYPTED | (int) index, true);
  }

  ReplayList received() {
    return received;
  }

  @Override
  public String toString() {
    return "SrtcpContext[%s of SSRC %08x, highest index %d]"
        .formatted(transmitted == null ? "receiver" : "sender", ssrc, highestIndex());
  }
}
