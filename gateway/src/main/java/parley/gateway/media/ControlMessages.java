package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/// What the kernel tells beside what it received (cmsg(3)): when that came (SO_TIMESTAMPNS), how
/// many packets it has dropped on this socket once there were some (SO_RXQ_OVFL), and how long the
/// datagrams are of which it has made one (UDP_GRO).
///
/// Confined to the loop; allocates nothing.
final class ControlMessages {
  static final int SOL_SOCKET = 1;
  static final int SO_TIMESTAMPNS = 35;
  static final int SO_RXQ_OVFL = 40;
  static final int SOL_UDP = 17;
  static final int UDP_SEGMENT = 103;
  static final int UDP_GRO = 104;

  /// For all of them.
  static final int ROOM_OCTETS = 96;

  /// Length 8, level 4, type 4, and what follows, each rounded up to 8.
  static final int HEADER_OCTETS = 16;

  private static final int LEVEL = 8;
  private static final int TYPE = 12;

  /// For the one that is sent: how long each datagram of a message is.
  static final int SEGMENT_ROOM_OCTETS = 24;

  private static final int TIMESPEC_OCTETS = 16;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private long unixNanos;
  private int segmentOctets;
  private int overflow;

  /// Lays one of UDP_SEGMENT out, whose length of a datagram [#segment] puts in.
  static void layOutSegment(MemorySegment memory, long at) {
    memory.set(JAVA_LONG, at, HEADER_OCTETS + Short.BYTES);
    memory.set(JAVA_INT, at + LEVEL, SOL_UDP);
    memory.set(JAVA_INT, at + TYPE, UDP_SEGMENT);
  }

  static void segment(MemorySegment memory, long at, int octets) {
    memory.set(JAVA_SHORT, at + HEADER_OCTETS, (short) octets);
  }

  /// Reads what one message brought: `octets` of them from `from` on, as the kernel says.
  void read(MemorySegment memory, long from, long octets) {
    long end = from + Math.clamp(octets, 0, ROOM_OCTETS);
    unixNanos = 0;
    segmentOctets = 0;
    for (long at = from; at + HEADER_OCTETS <= end; ) {
      long length = memory.get(JAVA_LONG, at);
      if (length < HEADER_OCTETS || length > end - at) {
        break; // cut short: what is left is no message
      }
      take(memory, at, length - HEADER_OCTETS);
      at += (length + 7) & -8;
    }
  }

  private void take(MemorySegment memory, long at, long octets) {
    int level = memory.get(JAVA_INT, at + LEVEL);
    int type = memory.get(JAVA_INT, at + TYPE);
    long data = at + HEADER_OCTETS;
    if (level == SOL_SOCKET && type == SO_TIMESTAMPNS && octets >= TIMESPEC_OCTETS) {
      unixNanos =
          memory.get(JAVA_LONG, data) * NANOS_PER_SECOND + memory.get(JAVA_LONG, data + Long.BYTES);
    } else if (level == SOL_SOCKET && type == SO_RXQ_OVFL && octets >= Integer.BYTES) {
      overflow = memory.get(JAVA_INT, data);
    } else if (level == SOL_UDP && type == UDP_GRO && octets >= Integer.BYTES) {
      segmentOctets = memory.get(JAVA_INT, data);
    }
  }

  /// When the message came; what `clock` says where the kernel did not tell.
  long receivedUnixNanos(UnixNanos clock) {
    return unixNanos == 0 ? clock.now() : unixNanos;
  }

  /// How long each datagram in the message is but the last, which may be shorter; 0 when there is
  /// one alone.
  int segmentOctets() {
    return segmentOctets;
  }

  /// The socket's drops as last told, a 32-bit counter that wraps; 0 when nothing was told since.
  int takeOverflow() {
    int told = overflow;
    overflow = 0;
    return told;
  }
}
