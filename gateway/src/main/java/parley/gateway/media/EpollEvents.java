package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An array of `epoll_event` (epoll_ctl(2)), whose data is the number of the descriptor. The
/// structure is packed on x86-64 and nowhere else.
final class EpollEvents {
  static final int MOST = 64;
  static final int IN = 1;
  static final int ERROR = 8;

  private static final boolean IS_PACKED = !System.getProperty("os.arch", "").equals("aarch64");
  private static final int DATA = IS_PACKED ? 4 : 8;
  private static final int OCTETS = DATA + Long.BYTES;

  private final MemorySegment memory = Arena.ofAuto().allocate((long) MOST * OCTETS, Long.BYTES);

  long address() {
    return memory.address();
  }

  int events(int index) {
    return memory.get(JAVA_INT_UNALIGNED, (long) index * OCTETS);
  }

  int fd(int index) {
    return memory.get(JAVA_INT_UNALIGNED, (long) index * OCTETS + DATA);
  }

  /// Writes one event to the beginning of `memory`.
  static void set(MemorySegment memory, int events, int fd) {
    memory.set(JAVA_INT, 0, events);
    memory.set(JAVA_INT, DATA, fd);
    memory.set(JAVA_INT, DATA + Integer.BYTES, 0);
  }
}
