package parley.mikey.message;

import java.util.Arrays;

/// Reads big-endian fields from octets it does not copy, and names the clause when they run out.
final class OctetReader {
  private final byte[] octets;
  private int position;
  private String clause = "";

  OctetReader(byte[] octets) {
    this.octets = octets;
  }

  /// From here on, failures name this clause.
  void enter(String newClause) {
    clause = newClause;
  }

  int position() {
    return position;
  }

  int remaining() {
    return octets.length - position;
  }

  int u8() throws MalformedMessage {
    return octets[claim(1)] & 0xff;
  }

  int u16() throws MalformedMessage {
    return u8() << 8 | u8();
  }

  int i32() throws MalformedMessage {
    return u16() << 16 | u16();
  }

  Octets octets(int length) throws MalformedMessage {
    return Octets.of(octets, claim(length), length);
  }

  /// As [#octets], for what must not become an [Octets].
  byte[] secret(int length) throws MalformedMessage {
    int start = claim(length);
    return Arrays.copyOfRange(octets, start, start + length);
  }

  <E extends Enum<E> & Coded> E code(E[] known, String what) throws MalformedMessage {
    return code(known, u8(), what);
  }

  /// The name of a number that was already read.
  <E extends Enum<E> & Coded> E code(E[] known, int code, String what) throws MalformedMessage {
    for (E candidate : known) {
      if (candidate.code() == code) {
        return candidate;
      }
    }
    throw malformed(what + " " + code + " is not known");
  }

  void require(boolean holds, String otherwise) throws MalformedMessage {
    if (!holds) {
      throw malformed(otherwise);
    }
  }

  MalformedMessage malformed(String text) {
    return new MalformedMessage(clause, position, text);
  }

  private int claim(int length) throws MalformedMessage {
    require(length <= remaining(), "needs " + length + " octets, has " + remaining());
    int start = position;
    position += length;
    return start;
  }
}
