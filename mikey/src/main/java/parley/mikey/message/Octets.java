package parley.mikey.message;

import java.util.Arrays;
import java.util.HexFormat;

/// Immutable octets of the wire. Public by nature: never holds a key.
public final class Octets {
  /// No octets at all.
  public static final Octets NONE = new Octets(new byte[0]);

  private static final int SHOWN = 32;

  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A copy of all of `bytes`.
  public static Octets of(byte[] bytes) {
    return new Octets(bytes.clone());
  }

  /// A copy of `length` octets from `offset`.
  public static Octets of(byte[] bytes, int offset, int length) {
    return new Octets(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /// Four octets, big endian.
  public static Octets ofInt(int value) {
    return new Octets(
        new byte[] {
          (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
        });
  }

  /// `length` octets of zero, to be filled in after writing.
  public static Octets zeros(int length) {
    return new Octets(new byte[length]);
  }

  public int length() {
    return bytes.length;
  }

  /// A copy; the caller owns it.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// The four octets from `offset`, big endian.
  public int intAt(int offset) {
    return (bytes[offset] & 0xff) << 24
        | (bytes[offset + 1] & 0xff) << 16
        | (bytes[offset + 2] & 0xff) << 8
        | (bytes[offset + 3] & 0xff);
  }

  void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// Hexadecimal, cut after 32 octets so that no sender decides how long a log line gets.
  @Override
  public String toString() {
    String hex = HexFormat.of().formatHex(bytes, 0, Math.min(SHOWN, bytes.length));
    return bytes.length <= SHOWN ? hex : hex + "… (" + bytes.length + " octets)";
  }
}
