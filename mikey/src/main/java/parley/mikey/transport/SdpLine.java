package parley.mikey.transport;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import parley.mikey.message.MalformedMessage;

/// One line of SDP, `type=value` (RFC 8866, 5).
///
/// @param number counts from 1
record SdpLine(int number, char type, String value) {
  static final String CLAUSE = "RFC 8866, 5";

  private static final byte LF = '\n';
  private static final byte CR = '\r';

  /// All lines of `octets`, each of which ends by CRLF, or by LF as files have it: what was cut in
  /// the middle of a line is refused.
  static List<SdpLine> read(byte[] octets) throws MalformedMessage {
    List<SdpLine> lines = new ArrayList<>();
    int start = 0;
    for (int at = 0; at < octets.length; at++) {
      if (octets[at] == LF) {
        int end = at > start && octets[at - 1] == CR ? at - 1 : at;
        lines.add(line(lines.size() + 1, octets, start, end));
        start = at + 1;
      }
    }
    if (start != octets.length) {
      throw MalformedMessage.atLine(CLAUSE, lines.size() + 1, "the line has no end");
    }
    return lines;
  }

  private static SdpLine line(int number, byte[] octets, int start, int end)
      throws MalformedMessage {
    boolean isLine =
        end - start > 2
            && octets[start] >= 'a'
            && octets[start] <= 'z'
            && octets[start + 1] == (byte) '=';
    if (!isLine) {
      throw MalformedMessage.atLine(CLAUSE, number, "a line is a letter, = and a value");
    }
    for (int at = start; at < end; at++) {
      if (octets[at] == 0 || octets[at] == CR) {
        throw MalformedMessage.atLine(CLAUSE, number, "NUL or CR inside a line");
      }
    }
    return new SdpLine(
        number, (char) octets[start], text(number, octets, start + 2, end - start - 2));
  }

  private static String text(int number, byte[] octets, int offset, int length)
      throws MalformedMessage {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(octets, offset, length))
          .toString();
    } catch (CharacterCodingException _) {
      throw MalformedMessage.atLine(CLAUSE, number, "the line is not UTF-8");
    }
  }

  MalformedMessage malformed(String text) {
    return MalformedMessage.atLine(CLAUSE, number, text);
  }
}
