package parley.gateway.peers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// MIKEY messages as a capture that Wireshark reads: each a UDP datagram to MIKEY's port, over IPv4
/// without checksums.
final class MikeyPcap {
  private static final int MIKEY_PORT = 2269;
  private static final int RAW_IPV4 = 228;
  private static final int HEAD_OCTETS = 20 + 8;

  private MikeyPcap() {}

  static byte[] of(List<byte[]> messages) {
    var out = new ByteArrayOutputStream();
    ByteBuffer file = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
    file.putInt(65_535).putInt(RAW_IPV4);
    out.writeBytes(file.array());
    messages.forEach(message -> out.writeBytes(packet(message)));
    return out.toByteArray();
  }

  private static byte[] packet(byte[] message) {
    int datagram = HEAD_OCTETS + message.length;
    ByteBuffer packet = ByteBuffer.allocate(16 + datagram).order(ByteOrder.LITTLE_ENDIAN);
    packet.putInt(1).putInt(0).putInt(datagram).putInt(datagram).order(ByteOrder.BIG_ENDIAN);
    packet.putShort((short) 0x4500).putShort((short) datagram).putInt(0).putInt(0x4011_0000);
    packet.putInt(0x7f00_0001).putInt(0x7f00_0001);
    packet.putShort((short) 40_000).putShort((short) MIKEY_PORT);
    packet.putShort((short) (8 + message.length)).putShort((short) 0).put(message);
    return packet.array();
  }
}
