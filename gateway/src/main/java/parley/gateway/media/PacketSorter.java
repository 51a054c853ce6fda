package parley.gateway.media;

import static parley.gateway.media.PacketKind.MIKEY;
import static parley.gateway.media.PacketKind.OVERSIZED;
import static parley.gateway.media.PacketKind.RTCP;
import static parley.gateway.media.PacketKind.RTP;
import static parley.gateway.media.PacketKind.RUBBISH;
import static parley.gateway.media.PacketKind.TOO_SHORT;

import parley.srtp.PacketBatch;
import parley.srtp.RtcpPacket;
import parley.srtp.RtpPacket;

/// Tells the protocols of one port apart by their first octets.
///
/// ```
/// 0x01        MIKEY, version 1        RFC 3830, 6.1
/// 0x80-0xBF   RTP or RTCP, version 2  RFC 3550, 5.1
///   then 192-223: RTCP                RFC 5761, 4
/// ```
final class PacketSorter {
  private static final int MIKEY_VERSION = 1;
  private static final int RTP_VERSION = 2;

  private PacketSorter() {}

  static PacketKind sort(PacketBatch batch, int slot) {
    int length = batch.length(slot);
    if (length == batch.slotOctets()) {
      return OVERSIZED;
    }
    int first = length == 0 ? 0 : Byte.toUnsignedInt(batch.buffer().get(batch.offset(slot)));
    if (first == MIKEY_VERSION) {
      return MIKEY;
    }
    if (first >>> 6 != RTP_VERSION) {
      return RUBBISH;
    }
    if (RtcpPacket.isRtcp(batch.memory(), batch.offset(slot), length)) {
      return RTCP;
    }
    return length < RtpPacket.FIXED_HEADER_OCTETS ? TOO_SHORT : RTP;
  }

  /// The SSRC that an RTP packet, or the first part of an RTCP packet, says it is of.
  static int ssrc(PacketBatch batch, int slot, boolean isRtcp) {
    return isRtcp
        ? RtcpPacket.ssrc(batch.memory(), batch.offset(slot))
        : RtpPacket.ssrc(batch.memory(), batch.offset(slot));
  }
}
