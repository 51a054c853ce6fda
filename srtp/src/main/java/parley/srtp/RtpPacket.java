package parley.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The RTP header as a view of octets in memory (RFC 3550, 5.1); nothing is copied or allocated.
///
/// ```
///  0                   1                   2                   3
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// |                           timestamp                           |
/// |                             SSRC                              |
/// |                     CSRC identifiers, 4 CC                    |
/// | profile (only with X)         | length in words               | extension
/// ```
///
/// Each method takes the memory and the offset of the packet in it; only [#headerOctets] checks
/// bounds of the packet, so call it first.
public final class RtpPacket {
  /// The header without CSRC list and extension.
  public static final int FIXED_HEADER_OCTETS = 12;

  /// The first octet of a packet without padding, extension and CSRC.
  private static final int BARE = 0x80;

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private RtpPacket() {}

  /// Length of fixed header, CSRC list and extension; -1 where the version is not 2 or they do not
  /// fit `length`.
  public static int headerOctets(MemorySegment memory, long offset, int length) {
    return length < FIXED_HEADER_OCTETS
        ? -1
        : headerOctets(start(memory, offset), memory, offset, length);
  }

  /// The same of a packet whose first eight octets were read, and that has its fixed header.
  static int headerOctets(long start, MemorySegment memory, long offset, int length) {
    int first = (int) (start >>> 56);
    return first == BARE ? FIXED_HEADER_OCTETS : longHeaderOctets(first, memory, offset, length);
  }

  private static int longHeaderOctets(int first, MemorySegment memory, long offset, int length) {
    if (first >>> 6 != 2) {
      return -1;
    }
    int octets = FIXED_HEADER_OCTETS + 4 * (first & 0x0f);
    if ((first & 0x10) != 0) {
      if (octets + 4 > length) {
        return -1;
      }
      octets += 4 + 4 * Short.toUnsignedInt(memory.get(SHORT, offset + octets + 2));
    }
    return octets <= length ? octets : -1;
  }

  /// The first eight octets: flags, payload type, sequence number, timestamp.
  static long start(MemorySegment memory, long offset) {
    return memory.get(LONG, offset);
  }

  /// The sequence number in the first eight octets.
  static int seq(long start) {
    return (int) (start >>> 32) & 0xffff;
  }

  /// Length of the payload without padding; -1 for a malformed header or padding count.
  public static int payloadOctets(MemorySegment memory, long offset, int length) {
    int header = headerOctets(memory, offset, length);
    if (header < 0 || !hasPadding(memory, offset)) {
      return header < 0 ? -1 : length - header;
    }
    int padding = octet(memory, offset + length - 1);
    return padding == 0 || header + padding > length ? -1 : length - header - padding;
  }

  public static int version(MemorySegment memory, long offset) {
    return octet(memory, offset) >>> 6;
  }

  public static boolean hasPadding(MemorySegment memory, long offset) {
    return (octet(memory, offset) & 0x20) != 0;
  }

  public static boolean hasExtension(MemorySegment memory, long offset) {
    return (octet(memory, offset) & 0x10) != 0;
  }

  public static int csrcCount(MemorySegment memory, long offset) {
    return octet(memory, offset) & 0x0f;
  }

  public static boolean marker(MemorySegment memory, long offset) {
    return (octet(memory, offset + 1) & 0x80) != 0;
  }

  public static int payloadType(MemorySegment memory, long offset) {
    return octet(memory, offset + 1) & 0x7f;
  }

  /// The sequence number, 0 to 65535.
  public static int seq(MemorySegment memory, long offset) {
    return Short.toUnsignedInt(memory.get(SHORT, offset + 2));
  }

  public static void seq(MemorySegment memory, long offset, int seq) {
    memory.set(SHORT, offset + 2, (short) seq);
  }

  /// The 32-bit timestamp; unsigned, in units of the payload's clock.
  public static int timestamp(MemorySegment memory, long offset) {
    return memory.get(INT, offset + 4);
  }

  public static int ssrc(MemorySegment memory, long offset) {
    return memory.get(INT, offset + 8);
  }

  public static void ssrc(MemorySegment memory, long offset, int ssrc) {
    memory.set(INT, offset + 8, ssrc);
  }

  /// Writes a fixed header without padding, extension or CSRC; returns its length.
  public static int writeHeader(
      MemorySegment memory,
      long offset,
      boolean marker,
      int payloadType,
      int seq,
      int timestamp,
      int ssrc) {
    memory.set(ValueLayout.JAVA_BYTE, offset, (byte) 0x80);
    memory.set(
        ValueLayout.JAVA_BYTE, offset + 1, (byte) ((marker ? 0x80 : 0) | (payloadType & 0x7f)));
    seq(memory, offset, seq);
    memory.set(INT, offset + 4, timestamp);
    ssrc(memory, offset, ssrc);
    return FIXED_HEADER_OCTETS;
  }

  /// Copies a header, which is a multiple of 4 octets and 8 at least, without the fixed costs of a
  /// bulk copy.
  static void copyHeader(
      MemorySegment from, long fromOffset, MemorySegment to, long toOffset, int octets) {
    to.set(LONG, toOffset, from.get(LONG, fromOffset));
    if (octets == FIXED_HEADER_OCTETS) {
      to.set(INT, toOffset + Long.BYTES, from.get(INT, fromOffset + Long.BYTES));
      return;
    }
    int at = Long.BYTES;
    for (; at + Long.BYTES <= octets; at += Long.BYTES) {
      to.set(LONG, toOffset + at, from.get(LONG, fromOffset + at));
    }
    if (at < octets) {
      to.set(INT, toOffset + at, from.get(INT, fromOffset + at));
    }
  }

  static int octet(MemorySegment memory, long offset) {
    return Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, offset));
  }
}
