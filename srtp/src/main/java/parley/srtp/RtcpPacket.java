package parley.srtp;

import static parley.srtp.RtpPacket.octet;

import java.lang.foreign.MemorySegment;

/// The common RTCP header as a view of octets in memory (RFC 3550, 6.4).
///
/// ```
/// |V=2|P|   RC    |      PT       |     length in words - 1       |
/// |                        SSRC of the sender                     |
/// ```
///
/// Of a compound packet these methods see the first part at `offset`; the next part starts
/// [#partOctets] further on.
public final class RtcpPacket {
  /// What stays in clear in SRTCP: the first part's header and the sender's SSRC (RFC 3711, 3.4).
  public static final int HEADER_OCTETS = 8;

  public static final int SENDER_REPORT = 200;
  public static final int RECEIVER_REPORT = 201;
  public static final int SOURCE_DESCRIPTION = 202;
  public static final int BYE = 203;
  public static final int APPLICATION = 204;

  private RtcpPacket() {}

  /// Whether a packet on a shared port is RTCP: version 2 and a packet type of 192 to 223 (RFC
  /// 5761, 4).
  public static boolean isRtcp(MemorySegment memory, long offset, int length) {
    if (length < HEADER_OCTETS || RtpPacket.version(memory, offset) != 2) {
      return false;
    }
    int type = packetType(memory, offset);
    return type >= 192 && type <= 223;
  }

  /// 8, or -1 where the version is not 2 or the header does not fit `length`.
  public static int headerOctets(MemorySegment memory, long offset, int length) {
    return length < HEADER_OCTETS || RtpPacket.version(memory, offset) != 2 ? -1 : HEADER_OCTETS;
  }

  /// Report, source or chunk count.
  public static int count(MemorySegment memory, long offset) {
    return octet(memory, offset) & 0x1f;
  }

  public static int packetType(MemorySegment memory, long offset) {
    return octet(memory, offset + 1);
  }

  /// Length of this part of a compound packet, header included, as its length field says; a
  /// multiple of 4.
  public static int partOctets(MemorySegment memory, long offset) {
    return 4 + 4 * Short.toUnsignedInt(memory.get(RtpPacket.SHORT, offset + 2));
  }

  public static int ssrc(MemorySegment memory, long offset) {
    return memory.get(RtpPacket.INT, offset + 4);
  }

  public static void ssrc(MemorySegment memory, long offset, int ssrc) {
    memory.set(RtpPacket.INT, offset + 4, ssrc);
  }
}
