package parley.gateway.record;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/// Packets on their way from one event loop to the writer: a ring in direct memory.
///
/// One producer thread, one consumer thread. The producer never waits and allocates nothing: what
/// does not fit is refused, and the caller counts it. A record is contiguous:
///
/// ```
/// octets 4 | recording 4 | kind 4 | - 4 | receive time 8 | index 8 | octets, padded to 8
/// ```
///
/// A negative length says that the rest of the memory up to its end is empty. `tail` and `head`
/// count octets since the beginning and never wrap.
final class PacketRing {
  static final int RECORD_HEADER_OCTETS = 32;
  private static final int WRAP = -1;
  private static final VarHandle TAIL = field("tail");
  private static final VarHandle HEAD = field("head");
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  /// Reads one record on the consumer's thread: the octets between position and limit, which are
  /// valid for the length of the call.
  interface Reader {
    void read(int recording, int kind, long nanos, long index, ByteBuffer octets);
  }

  private final MemorySegment memory;
  private final ByteBuffer buffer;
  private final ByteBuffer read;
  private final int capacity;

  @SuppressWarnings("UnusedVariable") // read and written through TAIL
  private volatile long tail;

  @SuppressWarnings("UnusedVariable") // read and written through HEAD
  private volatile long head;

  private long producerTail;
  private long knownHead;

  /// @param capacity octets, a power of two
  PacketRing(int capacity) {
    if (Integer.bitCount(capacity) != 1 || capacity < 4096) {
      throw new IllegalArgumentException(
          "a ring's capacity is a power of two from 4096, not " + capacity);
    }
    this.capacity = capacity;
    this.memory = Arena.ofAuto().allocate(capacity, 64);
    this.buffer = memory.asByteBuffer();
    this.read = memory.asByteBuffer();
  }

  int capacity() {
    return capacity;
  }

  /// Octets waiting; any thread.
  long queuedOctets() {
    return Math.max(0, (long) TAIL.getOpaque(this) - (long) HEAD.getOpaque(this));
  }

  /// Whether two records of so many octets each would surely fit, wherever the memory's end lies.
  boolean hasRoomForTwo(int octets) {
    long needed = 3L * aligned(octets);
    if (producerTail + needed - knownHead > capacity) {
      knownHead = (long) HEAD.getAcquire(this);
    }
    return producerTail + needed - knownHead <= capacity;
  }

  /// Whether more than half of the memory waits for the consumer; on the producer's thread.
  boolean isHalfFull() {
    if (producerTail - knownHead > capacity / 2) {
      knownHead = (long) HEAD.getAcquire(this);
    }
    return producerTail - knownHead > capacity / 2;
  }

  /// Adds a copy of `length` octets at `offset` of `from`; false when there is no room now.
  boolean offer(
      int recording,
      int kind,
      long nanos,
      long index,
      MemorySegment from,
      long offset,
      int length) {
    int at = claim(length);
    if (at < 0) {
      return false;
    }
    putHeader(at, recording, kind, nanos, index, length);
    MemorySegment.copy(from, offset, memory, at + RECORD_HEADER_OCTETS, length);
    publish(length);
    return true;
  }

  /// Adds a record whose octets are two numbers.
  boolean offerNumbers(int recording, int kind, long nanos, long index, long first, long second) {
    int at = claim(2 * Long.BYTES);
    if (at < 0) {
      return false;
    }
    putHeader(at, recording, kind, nanos, index, 2 * Long.BYTES);
    buffer.putLong(at + RECORD_HEADER_OCTETS, first);
    buffer.putLong(at + RECORD_HEADER_OCTETS + Long.BYTES, second);
    publish(2 * Long.BYTES);
    return true;
  }

  /// Where the producer stands: a record added before has a smaller position.
  long position() {
    return producerTail;
  }

  /// The position up to which the consumer may read.
  long published() {
    return (long) TAIL.getAcquire(this);
  }

  /// Reads every record before `limit`, which [#published] gave; returns how many.
  int drain(long limit, Reader reader) {
    int records = 0;
    long position = head;
    while (position < limit) {
      int at = (int) (position & (capacity - 1));
      int length = memory.get(INT, at);
      if (length == WRAP) {
        position += capacity - at;
        continue;
      }
      reader.read(
          memory.get(INT, at + 4),
          memory.get(INT, at + 8),
          memory.get(LONG, at + 16),
          memory.get(LONG, at + 24),
          read.limit(at + RECORD_HEADER_OCTETS + length).position(at + RECORD_HEADER_OCTETS));
      position += aligned(length);
      HEAD.setRelease(this, position);
      records++;
    }
    HEAD.setRelease(this, position);
    return records;
  }

  /// Finds room for a record, past the memory's end if need be, and returns where it starts; -1 for
  /// none.
  private int claim(int length) {
    int needed = aligned(length);
    int at = (int) (producerTail & (capacity - 1));
    int skipped = needed > capacity - at ? capacity - at : 0;
    if (producerTail + skipped + needed - knownHead > capacity) {
      knownHead = (long) HEAD.getAcquire(this);
      if (producerTail + skipped + needed - knownHead > capacity) {
        return -1;
      }
    }
    if (skipped > 0) {
      memory.set(INT, at, WRAP);
      producerTail += skipped;
      return 0;
    }
    return at;
  }

  private void putHeader(int at, int recording, int kind, long nanos, long index, int length) {
    memory.set(INT, at, length);
    memory.set(INT, at + 4, recording);
    memory.set(INT, at + 8, kind);
    memory.set(LONG, at + 16, nanos);
    memory.set(LONG, at + 24, index);
  }

  private void publish(int length) {
    producerTail += aligned(length);
    TAIL.setRelease(this, producerTail);
  }

  private static int aligned(int length) {
    return RECORD_HEADER_OCTETS + length + 7 & -8;
  }

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(PacketRing.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
