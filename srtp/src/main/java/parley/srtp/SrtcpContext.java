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
  Verdict findIndex(PacketBatch from, int slot, int clearOctets) {
    if (!session().matchesSrtcpMki(from, slot)) {
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

  @Override
  Verdict claimIndex(PacketBatch from, int slot) {
    TransmitIndex transmit = requireSender();
    long index = transmit.last() + 1;
    Verdict verdict = claim(transmit, index);
    if (verdict == ACCEPTED) {
      from.packetIndex(slot, index);
    }
    return verdict;
  }

  @Override
  Verdict checkHeader(PacketBatch from, int slot, int clearOctets) {
    if (clearOctets < RtcpPacket.HEADER_OCTETS) {
      return Verdict.TOO_SHORT;
    }
    MemorySegment memory = from.memory();
    long at = from.offset(slot);
    if (RtcpPacket.headerOctets(memory, at, clearOctets) < 0) {
      return Verdict.MALFORMED_HEADER;
    }
    return RtcpPacket.ssrc(memory, at) == ssrc() ? ACCEPTED : Verdict.WRONG_SSRC;
  }

  @Override
  void writeTrailer(PacketBatch to, int slot, int clearOctets, long index) {
    long end = (long) to.offset(slot) + clearOctets + trailerOctets();
    to.memory().set(RtpPacket.INT, wordAt(to, slot, clearOctets), ENCRYPTED | (int) index);
    session().writeMki(to.memory(), end - mkiFromEnd);
  }

  private long wordAt(PacketBatch batch, int slot, int clearOctets) {
    return (long) batch.offset(slot) + clearOctets + wordBehindPayload;
  }

  @Override
  void describe(
      PacketBatch from, PacketBatch to, int slot, int clearOctets, CipherBatch descriptors) {
    SessionKey key = key();
    long index = from.packetIndex(slot);
    descriptors.add(
        slot,
        from.offset(slot),
        to.offset(slot),
        key.engineKey(),
        key.handle(),
        key.ivHigh(ssrc(), index),
        key.ivLow(index),
        CipherBatch.pair(RtcpPacket.HEADER_OCTETS, clearOctets - RtcpPacket.HEADER_OCTETS),
        CipherBatch.pair(clearOctets + tagBehindPayload, tagOctets),
        CipherBatch.fourOctets(ENCRYPTED | (int) index));
  }
}
