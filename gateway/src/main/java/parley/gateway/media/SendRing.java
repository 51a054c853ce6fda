package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static parley.gateway.media.ReceiveRing.MESSAGE_OCTETS;
import static parley.gateway.media.ReceiveRing.NAME;
import static parley.gateway.media.ReceiveRing.NAME_OCTETS;
import static parley.gateway.media.ReceiveRing.VECTOR;
import static parley.gateway.media.ReceiveRing.VECTORS;
import static parley.gateway.media.ReceiveRing.VECTOR_OCTETS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// The messages that one port has queued, in the shape that `sendmmsg` takes: headers laid out
/// once, of which a message fills in its receiver and where its octets are. Those stay where they
/// are, however many receive them.
///
/// Begins small, doubles when a port sends more in one go, and is full at [#MOST]. What is queued
/// points into the senders' batches, which they keep until the ring is cleared. Confined to the
/// loop; allocates only when it grows.
final class SendRing {
  /// What one system call takes (UIO_MAXIOV).
  static final int MOST = 1024;

  private static final int FEWEST = 16;

  /// Room for the longest datagram.
  private static final int COPIES_OCTETS = 1 << 16;

  private final boolean isIpv6;
  private MemorySegment messages;
  private MemorySegment vectors;
  private MemorySegment names;
  private @Nullable Destination[] to;
  private int size;
  private @Nullable MemorySegment copies;
  private int copied;

  SendRing(boolean isIpv6) {
    this.isIpv6 = isIpv6;
    to = new @Nullable Destination[FEWEST];
    Arena arena = Arena.ofAuto();
    messages = arena.allocate((long) FEWEST * MESSAGE_OCTETS, Long.BYTES);
    vectors = arena.allocate((long) FEWEST * VECTOR_OCTETS, Long.BYTES);
    names = arena.allocate((long) FEWEST * SocketName.ROOM_OCTETS, Long.BYTES);
    layOut();
  }

  private void layOut() {
    for (int i = 0; i < to.length; i++) {
      long at = (long) i * MESSAGE_OCTETS;
      messages.set(JAVA_LONG, at + NAME, names.address() + (long) i * SocketName.ROOM_OCTETS);
      messages.set(JAVA_LONG, at + VECTOR, vectors.address() + (long) i * VECTOR_OCTETS);
      messages.set(JAVA_LONG, at + VECTORS, 1);
    }
  }

  private void grow() {
    int more = to.length * 2;
    Arena arena = Arena.ofAuto();
    messages = copy(messages, arena.allocate((long) more * MESSAGE_OCTETS, Long.BYTES));
    vectors = copy(vectors, arena.allocate((long) more * VECTOR_OCTETS, Long.BYTES));
    names = copy(names, arena.allocate((long) more * SocketName.ROOM_OCTETS, Long.BYTES));
    to = Arrays.copyOf(to, more);
    layOut();
  }

  private static MemorySegment copy(MemorySegment from, MemorySegment larger) {
    return larger.copyFrom(from);
  }

  boolean isFull() {
    return size == MOST;
  }

  int size() {
    return size;
  }

  Destination to(int message) {
    return Objects.requireNonNull(to[message]);
  }

  /// Where the headers from this message on are.
  long address(int message) {
    return messages.address() + (long) message * MESSAGE_OCTETS;
  }

  /// Queues the packet of a slot; the ring is not full.
  void add(PacketBatch batch, int slot, Destination receiver) {
    add(batch.memory().address() + batch.offset(slot), batch.length(slot), receiver);
  }

  /// Whether a copy of so many octets has room.
  boolean hasRoom(int octets) {
    return size < MOST && copied + octets <= COPIES_OCTETS;
  }

  /// Queues a copy of these octets, for which there is room.
  void add(ByteBuffer octets, Destination receiver) {
    MemorySegment room = copies;
    if (room == null) {
      room = Arena.ofAuto().allocate(COPIES_OCTETS);
      copies = room;
    }
    int length = octets.remaining();
    MemorySegment.copy(MemorySegment.ofBuffer(octets), 0, room, copied, length);
    add(room.address() + copied, length, receiver);
    copied += length;
  }

  private void add(long address, int octets, Destination receiver) {
    int message = size;
    if (message == to.length) {
      grow();
    }
    vectors.set(JAVA_LONG, (long) message * VECTOR_OCTETS, address);
    vectors.set(JAVA_LONG, (long) message * VECTOR_OCTETS + 8, octets);
    SocketName name = receiver.name(isIpv6);
    name.write(names, (long) message * SocketName.ROOM_OCTETS);
    messages.set(JAVA_INT, (long) message * MESSAGE_OCTETS + NAME_OCTETS, name.octets());
    to[message] = receiver;
    size++;
  }

  /// Forgets what is queued.
  void clear() {
    size = 0;
    copied = 0;
  }
}
