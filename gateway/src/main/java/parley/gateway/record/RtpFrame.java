package parley.gateway.record;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import parley.srtp.RtpPacket;

/// One decrypted RTP packet on its way to an export.
final class RtpFrame {
  private final byte[] packet;
  private final MemorySegment memory;
  private final long receivedNanos;
  private final long index;

  /// @param packet a whole header and its payload; not to be changed afterwards
  RtpFrame(byte[] packet, long receivedNanos, long index) {
    this.packet = packet;
    this.memory = MemorySegment.ofArray(packet);
    this.receivedNanos = receivedNanos;
    this.index = index;
  }

  /// Header and payload; shared.
  byte[] packet() {
    return packet;
  }

  long receivedNanos() {
    return receivedNanos;
  }

  /// The 48-bit index: order without wraps.
  long index() {
    return index;
  }

  int ssrc() {
    return RtpPacket.ssrc(memory, 0);
  }

  int payloadType() {
    return RtpPacket.payloadType(memory, 0);
  }

  int timestamp() {
    return RtpPacket.timestamp(memory, 0);
  }

  /// Without header and padding; empty for a packet whose lengths make no sense.
  byte[] payload() {
    int octets = RtpPacket.payloadOctets(memory, 0, packet.length);
    if (octets <= 0) {
      return new byte[0];
    }
    int start = RtpPacket.headerOctets(memory, 0, packet.length);
    return Arrays.copyOfRange(packet, start, start + octets);
  }
}
