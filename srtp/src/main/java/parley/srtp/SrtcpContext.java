package parley.srtp;

import static parley.srtp.Verdict.ACCEPTED;

import java.lang.foreign.MemorySegment;
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
public final class SrtcpContext extends CryptoContext {
  private static final int ENCRYPTED = 0x8000_0000;

  private final int tagOctets;
  private final int tagBehindPayload;
  private final int wordBehindPayload;
  private final int mkiFromEnd;

  private SrtcpContext(SrtpSession session, int ssrc, @Nullable TransmitIndex transmitted) {
    SrtpPolicy policy = session.policy();
    super(session, session.srtcp(), policy.srtcpTrailerOctets(), ssrc, transmitted);
    boolean isAead = policy.profile().isAead();
    this.tagOctets = policy.profile().srtcpTagOctets();
    this.tagBehindPayload = isAead ? 0 : SrtpPolicy.SRTCP_INDEX_OCTETS + policy.mkiOctets();
    this.wordBehindPayload = isAead ? tagOctets : 0;
    this.mkiFromEnd = policy.srtcpMkiFromEnd();
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

  /// Numbers its packets by itself, from 0 (RFC 3711, 3.4); refuses the one that would be number
  /// 2^31.
  public static SrtcpContext sender(SrtpSession session, int ssrc) {
    return sender(session, ssrc, 0);
  }

  static SrtcpContext sender(SrtpSession session, int ssrc, long firstIndex) {
    return new SrtcpContext(session, ssrc, TransmitIndex.rising(firstIndex, PacketIndex.MAX_SRTCP));
  }

  @Override
  Verdict planOpen(PacketBatch from, PacketBatch to, int slot, CipherBatch descriptors) {
    int clearOctets = from.length(slot) - trailerOctets();
    MemorySegment memory = from.memory();
    long at = from.offset(slot);
    Verdict verdict = checkHeader(memory, at, clearOctets);
    if (verdict != ACCEPTED) {
      return verdict;
    }
    if (!session().matchesSrtcpMki(from, slot)) {
      return Verdict.WRONG_MKI;
    }
    int word = memory.get(RtpPacket.INT, at + clearOctets + wordBehindPayload);
    if ((word & ENCRYPTED) == 0) {
      return Verdict.NOT_ENCRYPTED;
    }
    long index = word & ~ENCRYPTED;
    from.packetIndex(slot, index);
    verdict = checkFresh(index);
    if (verdict == ACCEPTED && clearOctets > to.slotOctets()) {
      return Verdict.NO_ROOM;
    }
    if (verdict == ACCEPTED) {
      describe(slot, at, to.offset(slot), index, clearOctets, descriptors);
    }
    return verdict;
  }

  @Override
  Verdict planSeal(PacketBatch from, PacketBatch to, int slot, CipherBatch descriptors) {
    int clearOctets = from.length(slot);
    MemorySegment memory = from.memory();
    long at = from.offset(slot);
    Verdict verdict = checkHeader(memory, at, clearOctets);
    if (verdict == ACCEPTED && clearOctets + trailerOctets() > to.slotOctets()) {
      verdict = Verdict.NO_ROOM;
    }
    if (verdict != ACCEPTED) {
      return verdict;
    }
    TransmitIndex transmit = requireSender();
    long index = transmit.last() + 1;
    verdict = claim(transmit, index);
    if (verdict == ACCEPTED) {
      long toAt = to.offset(slot);
      from.packetIndex(slot, index);
      describe(slot, at, toAt, index, clearOctets, descriptors);
      if (to != from) {
        RtpPacket.copyHeader(memory, at, to.memory(), toAt, RtcpPacket.HEADER_OCTETS);
      }
      writeTrailer(to.memory(), toAt, clearOctets, index);
    }
    return verdict;
  }

  private Verdict checkHeader(MemorySegment memory, long at, int clearOctets) {
    if (clearOctets < RtcpPacket.HEADER_OCTETS) {
      return Verdict.TOO_SHORT;
    }
    if (RtcpPacket.headerOctets(memory, at, clearOctets) < 0) {
      return Verdict.MALFORMED_HEADER;
    }
    return RtcpPacket.ssrc(memory, at) == ssrc() ? ACCEPTED : Verdict.WRONG_SSRC;
  }

  private void writeTrailer(MemorySegment memory, long at, int clearOctets, long index) {
    memory.set(RtpPacket.INT, at + clearOctets + wordBehindPayload, ENCRYPTED | (int) index);
    session().writeMki(memory, at + clearOctets + trailerOctets() - mkiFromEnd);
  }

  private void describe(
      int slot, long fromAt, long toAt, long index, int clearOctets, CipherBatch descriptors) {
    SessionKey key = key();
    int i = descriptors.add(slot, fromAt, toAt, key.engineKey(), key.handle());
    descriptors.iv(i, key.ivHigh(ssrc(), index), key.ivLow(index));
    descriptors.lengths(i, RtcpPacket.HEADER_OCTETS, clearOctets - RtcpPacket.HEADER_OCTETS);
    descriptors.tag(i, clearOctets + tagBehindPayload, tagOctets);
    descriptors.word(i, ENCRYPTED | (int) index, true);
  }
}
