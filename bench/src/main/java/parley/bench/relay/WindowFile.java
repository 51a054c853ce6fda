package parley.bench.relay;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The memory that sender and receiver share, `window.h`: slots of 256 octets, in each the length
/// of a packet (4 octets, this machine's order), the IPv4 address that it goes to (4 octets at 4; 0
/// for 127.0.0.1), the time when it was sent (8 octets at 8), and the packet (at 16).
public final class WindowFile implements AutoCloseable {
  static final int SLOT_OCTETS = 256;
  static final int TO = 4;
  static final int SENT_NANOS = 8;
  static final int PACKET = 16;

  private final Path path;
  private final int slots;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  private WindowFile(Path path, int slots) throws IOException {
    this.path = path;
    this.slots = slots;
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) slots * SLOT_OCTETS, arena);
    }
  }

  static WindowFile create(Path path, int slots) throws IOException {
    return new WindowFile(path, slots);
  }

  Path path() {
    return path;
  }

  int slots() {
    return slots;
  }

  /// Copies one packet into a slot.
  void put(int slot, int to, MemorySegment from, long offset, int octets) {
    long at = (long) slot * SLOT_OCTETS;
    memory.set(ValueLayout.JAVA_INT, at, octets);
    memory.set(ValueLayout.JAVA_INT, at + TO, to);
    MemorySegment.copy(from, offset, memory, at + PACKET, octets);
  }

  byte[] packet(int slot) {
    long at = (long) slot * SLOT_OCTETS;
    byte[] octets = new byte[memory.get(ValueLayout.JAVA_INT, at)];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at + PACKET, octets, 0, octets.length);
    return octets;
  }

  @Override
  public void close() {
    arena.close();
  }
}
