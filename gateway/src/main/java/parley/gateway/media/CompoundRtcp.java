package parley.gateway.media;

import java.nio.ByteBuffer;
import parley.srtp.PacketBatch;
import parley.srtp.RtcpPacket;

/// The parts of a compound RTCP packet in clear (RFC 3550, 6.1 and 6.4 to 6.7).
///
/// ```
/// SR    header 4, SSRC, sender info 20, blocks of 24 that start with an SSRC
/// RR    header 4, SSRC, blocks of 24
/// SDES  header 4, chunks: SSRC, items, zeroes up to a multiple of 4
/// BYE   header 4, SSRCs, reason
/// FB    header 4, SSRC of the sender, SSRC of the media            RFC 4585, 6.1
/// other header 4, SSRC
/// ```
public final class CompoundRtcp {
  /// Version 2, no block, type 201, two words.
  private static final int EMPTY_REPORT = 0x80c9_0001;

  /// Version 2, one source, type 203, two words.
  private static final int BYE_OF_ONE = 0x81cb_0001;

  private static final int RTP_FEEDBACK = 205;
  private static final int PAYLOAD_FEEDBACK = 206;
  private static final int PART_HEADER = 4;
  private static final int REPORT_BLOCK = 24;
  private static final int SENDER_INFO = 20;

  private CompoundRtcp() {}

  /// Whether a part of the packet says BYE for `ssrc`.
  static boolean saysBye(PacketBatch batch, int slot, int ssrc) {
    int end = batch.offset(slot) + batch.length(slot);
    for (int at = batch.offset(slot); fits(batch, at, end); at += octets(batch, at)) {
      if (type(batch, at) == RtcpPacket.BYE) {
        int sources = RtcpPacket.count(batch.memory(), at);
        for (int i = 0; i < sources && PART_HEADER + 4 * i + 4 <= octets(batch, at); i++) {
          if (batch.buffer().getInt(at + PART_HEADER + 4 * i) == ssrc) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Adds a packet to the batch that says BYE for `ssrc` behind an empty report, as each compound
  /// packet begins with one; returns its slot.
  public static int addBye(PacketBatch batch, int ssrc) {
    int slot = batch.add(2 * (PART_HEADER + Integer.BYTES));
    int at = batch.offset(slot);
    batch
        .buffer()
        .putInt(at, EMPTY_REPORT)
        .putInt(at + 4, ssrc)
        .putInt(at + 8, BYE_OF_ONE)
        .putInt(at + 12, ssrc);
    return slot;
  }

  /// Renames every SSRC that the re-keying renames; false where the parts do not fill the packet
  /// exactly or hold less than they claim. The packet is then of no use.
  static boolean rewriteSsrcs(PacketBatch batch, int slot, Rekeying names) {
    int at = batch.offset(slot);
    int end = at + batch.length(slot);
    while (fits(batch, at, end)) {
      int partEnd = at + octets(batch, at);
      if (!rewritePart(batch, at, partEnd, names)) {
        return false;
      }
      at = partEnd;
    }
    return at == end;
  }

  private static boolean rewritePart(PacketBatch batch, int at, int end, Rekeying names) {
    int count = RtcpPacket.count(batch.memory(), at);
    int body = at + PART_HEADER;
    ByteBuffer octets = batch.buffer();
    return switch (type(batch, at)) {
      case RtcpPacket.SENDER_REPORT ->
          rename(octets, body, 1, 4, end, names)
              && rename(octets, body + 4 + SENDER_INFO, count, REPORT_BLOCK, end, names);
      case RtcpPacket.RECEIVER_REPORT ->
          rename(octets, body, 1, 4, end, names)
              && rename(octets, body + 4, count, REPORT_BLOCK, end, names);
      case RtcpPacket.SOURCE_DESCRIPTION -> renameChunks(octets, body, count, end, names);
      case RtcpPacket.BYE -> rename(octets, body, count, 4, end, names);
      case RTP_FEEDBACK, PAYLOAD_FEEDBACK -> rename(octets, body, 2, 4, end, names);
      default -> rename(octets, body, 1, 4, end, names);
    };
  }

  /// Renames the SSRCs at the start of `count` items of `stride` octets.
  private static boolean rename(
      ByteBuffer octets, int at, int count, int stride, int end, Rekeying names) {
    if (at + count * stride > end) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      int ssrc = at + i * stride;
      octets.putInt(ssrc, names.outboundSsrc(octets.getInt(ssrc)));
    }
    return true;
  }

  private static boolean renameChunks(
      ByteBuffer octets, int firstChunk, int count, int end, Rekeying names) {
    int chunk = firstChunk;
    for (int i = 0; i < count; i++) {
      if (chunk + 8 > end) {
        return false;
      }
      rename(octets, chunk, 1, 4, end, names);
      chunk = chunkEnd(octets, chunk, end);
      if (chunk < 0) {
        return false;
      }
    }
    return true;
  }

  /// Behind the items of a chunk and the zero that ends them, on a multiple of 4 from its start; -1
  /// where that is not inside the part.
  private static int chunkEnd(ByteBuffer octets, int chunk, int end) {
    int at = chunk + 4;
    while (at < end && octets.get(at) != 0) {
      if (at + 1 >= end) {
        return -1;
      }
      at += 2 + Byte.toUnsignedInt(octets.get(at + 1));
    }
    int next = chunk + ((at - chunk) / 4 + 1) * 4;
    return next <= end ? next : -1;
  }

  private static boolean fits(PacketBatch batch, int at, int end) {
    return end - at >= PART_HEADER && octets(batch, at) <= end - at;
  }

  private static int octets(PacketBatch batch, int at) {
    return RtcpPacket.partOctets(batch.memory(), at);
  }

  private static int type(PacketBatch batch, int at) {
    return RtcpPacket.packetType(batch.memory(), at);
  }
}
