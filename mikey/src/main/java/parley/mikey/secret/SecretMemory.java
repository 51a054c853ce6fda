package parley.mikey.secret;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Native memory for secrets, in cells of one size: no garbage collector copies it, and no heap
/// dump holds it.
///
/// Cells come from blocks that are never given back, and are zeros whenever nobody has them. So
/// there is no arena to close, which would have to stop all threads for each secret, and no call
/// into the C library after the first few. What is over 64 KiB gets memory of its own, which the
/// garbage collector frees.
///
/// Thread-safe.
final class SecretMemory {
  private static final int SMALLEST_OCTETS = 64;
  private static final int LARGEST_OCTETS = 64 << 10;
  private static final int BLOCK_OCTETS = 64 << 10;
  private static final SecretMemory[] SIZES = sizes();

  private final int cellOctets;
  private final Deque<MemorySegment> free = new ArrayDeque<>();

  private SecretMemory(int cellOctets) {
    this.cellOctets = cellOctets;
  }

  private static SecretMemory[] sizes() {
    var sizes = new SecretMemory[sizeOf(LARGEST_OCTETS) + 1];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = new SecretMemory(SMALLEST_OCTETS << i);
    }
    return sizes;
  }

  /// The index of the smallest cells that hold so much.
  private static int sizeOf(int octets) {
    int least = Math.max(octets, SMALLEST_OCTETS);
    return Integer.SIZE
        - Integer.numberOfLeadingZeros(least - 1)
        - Integer.numberOfTrailingZeros(SMALLEST_OCTETS);
  }

  /// Zeros, at least as many as `octets`.
  static Cell take(int octets) {
    if (octets > LARGEST_OCTETS) {
      return new Cell(Arena.ofAuto().allocate(octets), null);
    }
    SecretMemory size = SIZES[sizeOf(octets)];
    return new Cell(size.take(), size);
  }

  private synchronized MemorySegment take() {
    if (free.isEmpty()) {
      MemorySegment block = Arena.global().allocate(Math.max(BLOCK_OCTETS, cellOctets), 64);
      for (long at = 0; at < block.byteSize(); at += cellOctets) {
        free.push(block.asSlice(at, cellOctets));
      }
    }
    return free.pop();
  }

  private synchronized void giveBack(MemorySegment memory) {
    free.push(memory);
  }

  /// How many cells of the size for `octets` nobody has.
  static int free(int octets) {
    SecretMemory size = SIZES[sizeOf(octets)];
    synchronized (size) {
      return size.free.size();
    }
  }

  /// One secret's memory until it runs, which zeroes it and gives it back. Runs once, by the
  /// owner's `close` or, when the owner was forgotten, by the cleaner.
  static final class Cell implements Runnable {
    private final MemorySegment memory;
    private final @Nullable SecretMemory home;

    private Cell(MemorySegment memory, @Nullable SecretMemory home) {
      this.memory = memory;
      this.home = home;
    }

    MemorySegment memory() {
      return memory;
    }

    @Override
    public void run() {
      memory.fill((byte) 0);
      if (home != null) {
        home.giveBack(memory);
      }
    }
  }
}
