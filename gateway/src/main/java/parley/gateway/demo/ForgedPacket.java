package parley.gateway.demo;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/// Media packets made from one that was heard, without any key.
final class ForgedPacket {
  private static final int SEQ = 2;
  private static final int SSRC = 8;
  private static final int HEADER_OCTETS = 12;
  private static final int AHEAD = 2000;

  private ForgedPacket() {}

  /// The talker's SSRC and MKI, a sequence number to come, another ciphertext.
  static byte[] inTheStreamOf(byte[] heard, int nth) {
    byte[] forged = heard.clone();
    ByteBuffer packet = ByteBuffer.wrap(forged);
    packet.putShort(SEQ, (short) (packet.getShort(SEQ) + AHEAD + nth));
    forged[HEADER_OCTETS] ^= 0x55;
    return forged;
  }

  /// A stream that nobody announced.
  static byte[] ofNobody(byte[] heard, SecureRandom random) {
    byte[] forged = heard.clone();
    ByteBuffer.wrap(forged).putInt(SSRC, random.nextInt());
    return forged;
  }
}
