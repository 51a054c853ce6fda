package parley.gateway.ue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes what a talker says about its own stream: SR and SDES, at the end BYE (RFC 3550, 6.4 to
/// 6.6). One that has sent no packet writes an empty RR instead of SR (6.4).
final class SenderReport {
  private static final int SR = 200;
  private static final int RR = 201;
  private static final int SDES = 202;
  private static final int BYE = 203;
  private static final int CNAME = 1;
  private static final int VERSION_2 = 0x80;

  private final byte[] cname;

  /// At most 255 octets of `cname` fit into its item; what is longer is cut.
  SenderReport(String cname) {
    byte[] octets = cname.getBytes(StandardCharsets.UTF_8);
    this.cname = octets.length <= 255 ? octets : Arrays.copyOf(octets, 255);
  }

  /// The compound of report and SDES, at the position of `to`.
  void write(RtpStream stream, long ntpBits, ByteBuffer to) {
    if (stream.packets() == 0) {
      header(to, 0, RR, 1).putInt(stream.ssrc());
    } else {
      header(to, 0, SR, 6).putInt(stream.ssrc()).putLong(ntpBits).putInt(stream.timestamp());
      to.putInt((int) stream.packets()).putInt((int) stream.payloadOctets());
    }
    writeCname(stream.ssrc(), to);
  }

  /// The compound of report, SDES and BYE: every compound begins with a report (RFC 3550, 6.1).
  void writeBye(RtpStream stream, long ntpBits, ByteBuffer to) {
    write(stream, ntpBits, to);
    header(to, 1, BYE, 1).putInt(stream.ssrc());
  }

  /// One chunk: SSRC, the item, and one to four zero octets up to the next word (RFC 3550, 6.5).
  private void writeCname(int ssrc, ByteBuffer to) {
    int chunkWords = 1 + (2 + cname.length) / 4 + 1;
    int end = to.position() + 4 + 4 * chunkWords;
    header(to, 1, SDES, chunkWords).putInt(ssrc);
    to.put((byte) CNAME).put((byte) cname.length).put(cname);
    while (to.position() < end) {
      to.put((byte) 0);
    }
  }

  private static ByteBuffer header(ByteBuffer to, int count, int type, int words) {
    return to.put((byte) (VERSION_2 | count)).put((byte) type).putShort((short) words);
  }
}
