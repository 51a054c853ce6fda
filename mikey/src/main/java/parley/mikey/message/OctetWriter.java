package parley.mikey.message;

import java.util.Arrays;

/// Writes big-endian fields; a value that does not fit its field is the caller's error.
final class OctetWriter {
  private static final int START = 512;

  private byte[] octets = new byte[START];
  private int size;

  void u8(int value) {
    require(value, 0xff);
    room(1)[size++] = (byte) value;
  }

  void u16(int value) {
    require(value, 0xffff);
    u8(value >>> 8);
    u8(value & 0xff);
  }

  void i32(int value) {
    u16(value >>> 16);
    u16(value & 0xffff);
  }

  void octets(Octets value) {
    value.copyTo(room(value.length()), size);
    size += value.length();
  }

  void octets(byte[] value) {
    System.arraycopy(value, 0, room(value.length), size, value.length);
    size += value.length;
  }

  void withLength8(Octets value) {
    u8(value.length());
    octets(value);
  }

  void withLength16(Octets value) {
    u16(value.length());
    octets(value);
  }

  int size() {
    return size;
  }

  byte[] toOctets() {
    return Arrays.copyOf(octets, size);
  }

  /// Zeroes what was written, for writers that carried a key.
  void erase() {
    Arrays.fill(octets, (byte) 0);
  }

  private byte[] room(int more) {
    if (size + more > octets.length) {
      byte[] old = octets;
      octets = Arrays.copyOf(old, Math.max(2 * old.length, size + more));
      Arrays.fill(old, (byte) 0);
    }
    return octets;
  }

  private static void require(int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(value + " does not fit a field of at most " + max);
    }
  }
}
