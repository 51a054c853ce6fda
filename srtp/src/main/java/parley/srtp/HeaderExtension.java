package parley.srtp;

import static parley.srtp.RtpPacket.octet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The elements in an RTP header extension (RFC 8285), of a packet whose header was checked.
///
/// ```
/// one-byte headers, profile 0xbede    | id 4, octets - 1 4 | data | ...
/// two-byte headers, profile 0x100_    | id 8 | octets 8 | data | ...
/// ```
///
/// A zero between elements is padding. What no longer reads as elements is left alone up to the
/// end; sender and receiver see the same there, since neither headers nor padding are encrypted.
final class HeaderExtension {
  private static final int ONE_BYTE = 0xbede;
  private static final int TWO_BYTE = 0x1000;
  private static final int APPLICATION_BITS = 0x000f;
  private static final int RESERVED_ID = 15;

  private HeaderExtension() {}

  /// Where the first element starts, counted from the packet's start at `offset`; -1 where there is
  /// no extension or it has no elements.
  static int elementsAt(MemorySegment memory, long offset) {
    if (!RtpPacket.hasExtension(memory, offset)) {
      return -1;
    }
    int at = extensionAt(memory, offset);
    int profile = Short.toUnsignedInt(memory.get(RtpPacket.SHORT, offset + at));
    return profile == ONE_BYTE || (profile & ~APPLICATION_BITS) == TWO_BYTE ? at + 4 : -1;
  }

  private static int extensionAt(MemorySegment memory, long offset) {
    return RtpPacket.FIXED_HEADER_OCTETS + 4 * RtpPacket.csrcCount(memory, offset);
  }

  /// Length of all elements and their padding, a multiple of 4.
  static int elementsOctets(MemorySegment memory, long offset) {
    int words =
        Short.toUnsignedInt(memory.get(RtpPacket.SHORT, offset + extensionAt(memory, offset) + 2));
    return 4 * words;
  }

  /// Exchanges the data of the chosen elements with what lies at the same place of `other`, where
  /// the whole packet could start at `otherOffset`; doing it twice changes nothing.
  static void exchange(
      MemorySegment memory,
      long offset,
      MemorySegment other,
      long otherOffset,
      ExtensionIds chosen) {
    int at = elementsAt(memory, offset);
    int end = at + elementsOctets(memory, offset);
    boolean isOneByte =
        Short.toUnsignedInt(memory.get(RtpPacket.SHORT, offset + at - 4)) == ONE_BYTE;
    while (at < end) {
      int first = octet(memory, offset + at);
      if (first == 0) {
        at++;
        continue;
      }
      int id = isOneByte ? first >>> 4 : first;
      int data = isOneByte ? at + 1 : at + 2;
      if ((isOneByte && (id == 0 || id == RESERVED_ID)) || data > end) {
        return;
      }
      int octets = isOneByte ? (first & 0x0f) + 1 : octet(memory, offset + at + 1);
      if (data + octets > end) {
        return;
      }
      if (chosen.contains(id)) {
        exchange(memory, offset + data, other, otherOffset + data, octets);
      }
      at = data + octets;
    }
  }

  private static void exchange(
      MemorySegment one, long oneAt, MemorySegment other, long otherAt, int octets) {
    for (int i = 0; i < octets; i++) {
      byte held = one.get(ValueLayout.JAVA_BYTE, oneAt + i);
      one.set(ValueLayout.JAVA_BYTE, oneAt + i, other.get(ValueLayout.JAVA_BYTE, otherAt + i));
      other.set(ValueLayout.JAVA_BYTE, otherAt + i, held);
    }
  }
}
