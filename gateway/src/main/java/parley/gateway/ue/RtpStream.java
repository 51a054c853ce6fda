package parley.gateway.ue;

import java.nio.ByteBuffer;

/// The RTP side of one outgoing stream (RFC 3550, 5.1): numbers its packets and counts them.
final class RtpStream {
  static final int HEADER_OCTETS = 12;

  private static final int VERSION_2 = 0x80;
  private static final int MARKER = 0x80;

  private final int ssrc;
  private final int payloadType;
  private long nextIndex;
  private int timestamp;
  private long packets;
  private long payloadOctets;

  /// `firstIndex` is ROC || SEQ of the first packet.
  RtpStream(int ssrc, int payloadType, long firstIndex, int firstTimestamp) {
    this.ssrc = ssrc;
    this.payloadType = payloadType;
    this.nextIndex = firstIndex;
    this.timestamp = firstTimestamp;
  }

  /// Writes the next packet at the position of `to`, marked when it begins the talk spurt (RFC
  /// 3551, 4.1), and moves on by one packet and by the time the frame lasts.
  void write(SpeechFrame frame, ByteBuffer to) {
    to.put((byte) VERSION_2).put((byte) (packets == 0 ? MARKER | payloadType : payloadType));
    to.putShort((short) nextIndex).putInt(timestamp).putInt(ssrc).put(frame.payload());
    nextIndex++;
    timestamp += frame.timestampStep();
    packets++;
    payloadOctets += frame.payload().length;
  }

  int ssrc() {
    return ssrc;
  }

  /// ROC || SEQ of the packet to come.
  long nextIndex() {
    return nextIndex;
  }

  /// The timestamp of the packet to come.
  int timestamp() {
    return timestamp;
  }

  long packets() {
    return packets;
  }

  long payloadOctets() {
    return payloadOctets;
  }
}
