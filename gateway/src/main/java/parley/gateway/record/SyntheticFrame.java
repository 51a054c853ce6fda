package parley.gateway.record;

import java.nio.ByteBuffer;

/// Ethernet, IPv4 and UDP headers around a payload, with right lengths and checksums.
final class SyntheticFrame {
  private static final int ETHERNET_OCTETS = 14;
  private static final int IP_OCTETS = 20;
  private static final int UDP_OCTETS = 8;
  private static final int UDP = 17;
  private static final int SOURCE = 0xC0000201;
  private static final int DESTINATION = 0xC0000202;

  private SyntheticFrame() {}

  /// @param payload at most 65507 octets
  static byte[] udp(byte[] payload, int port) {
    int udpOctets = UDP_OCTETS + payload.length;
    ByteBuffer frame = ByteBuffer.allocate(ETHERNET_OCTETS + IP_OCTETS + udpOctets);
    frame.put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}).putShort((short) 0x0800);
    frame.putShort((short) 0x4500).putShort((short) (IP_OCTETS + udpOctets)).putInt(0x4000);
    frame.put((byte) 64).put((byte) UDP).putShort((short) 0).putInt(SOURCE).putInt(DESTINATION);
    int ipSum = fold(sum(frame, ETHERNET_OCTETS, IP_OCTETS));
    frame.putShort(ETHERNET_OCTETS + 10, (short) ~ipSum);
    frame.putShort((short) port).putShort((short) port);
    frame.putShort((short) udpOctets).putShort((short) 0).put(payload);
    frame.putShort(ETHERNET_OCTETS + IP_OCTETS + 6, udpChecksum(frame, udpOctets));
    return frame.array();
  }

  /// Over pseudo header, header and payload; 0 is written as all ones (RFC 768).
  private static short udpChecksum(ByteBuffer frame, int udpOctets) {
    long sum =
        sum(frame, ETHERNET_OCTETS + 12, 8)
            + UDP
            + udpOctets
            + sum(frame, ETHERNET_OCTETS + IP_OCTETS, udpOctets);
    short checksum = (short) ~fold(sum);
    return checksum == 0 ? -1 : checksum;
  }

  private static long sum(ByteBuffer octets, int at, int length) {
    long sum = 0;
    for (int i = 0; i + 1 < length; i += 2) {
      sum += Short.toUnsignedInt(octets.getShort(at + i));
    }
    return length % 2 == 0 ? sum : sum + (Byte.toUnsignedInt(octets.get(at + length - 1)) << 8);
  }

  private static int fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xFFFF) + (folded >>> 16);
    }
    return (int) folded;
  }
}
