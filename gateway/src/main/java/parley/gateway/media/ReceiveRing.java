package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import parley.srtp.PacketBatch;

/// The message headers with which the ports of one loop receive straight into the slots of its
/// [ReceivedBatch]: laid out once, so that a call has only lengths to set back.
///
/// ```
/// mmsghdr, 64 octets: name 8, its length 4 (+4), iovec 8, how many 8, control 8, its length 8,
///                     flags 4 (+4), octets received 4 (+4)
/// iovec,   16 octets: address 8, length 8
/// ```
///
/// What the kernel tells beside each packet is read by [ControlMessages]. Confined to the loop;
/// allocates nothing.
final class ReceiveRing implements Sources {
  static final int MESSAGE_OCTETS = 64;
  static final int NAME = 0;
  static final int NAME_OCTETS = 8;
  static final int VECTOR = 16;
  static final int VECTORS = 24;
  static final int CONTROL = 32;
  static final int CONTROL_OCTETS = 40;
  static final int RECEIVED = 56;
  static final int VECTOR_OCTETS = 16;

  private static final int CONTROL_ROOM_OCTETS = ControlMessages.ROOM_OCTETS;

  private final ReceivedBatch batch;
  private final UnixNanos clock;
  private final MemorySegment messages;
  private final MemorySegment names;
  private final MemorySegment controls;
  private final long address;
  private final ControlMessages told = new ControlMessages();
  private int used = ReceivedBatch.SLOTS;

  ReceiveRing(ReceivedBatch batch, UnixNanos clock) {
    this.batch = batch;
    this.clock = clock;
    int slots = ReceivedBatch.SLOTS;
    Arena arena = Arena.ofAuto(); // one for all: what a header points at lives as long as it does
    messages = arena.allocate((long) slots * MESSAGE_OCTETS, Long.BYTES);
    MemorySegment vectors = arena.allocate((long) slots * VECTOR_OCTETS, Long.BYTES);
    names = arena.allocate((long) slots * SocketName.ROOM_OCTETS, Long.BYTES);
    controls = arena.allocate((long) slots * CONTROL_ROOM_OCTETS, Long.BYTES);
    address = messages.address();
    PacketBatch packets = batch.packets();
    for (int slot = 0; slot < slots; slot++) {
      long vector = (long) slot * VECTOR_OCTETS;
      vectors.set(JAVA_LONG, vector, packets.memory().address() + packets.offset(slot));
      vectors.set(JAVA_LONG, vector + 8, packets.slotOctets());
      long at = (long) slot * MESSAGE_OCTETS;
      messages.set(JAVA_LONG, at + NAME, names.address() + (long) slot * SocketName.ROOM_OCTETS);
      messages.set(JAVA_LONG, at + VECTOR, vectors.address() + vector);
      messages.set(JAVA_LONG, at + VECTORS, 1);
      messages.set(JAVA_LONG, at + CONTROL, controls.address() + (long) slot * CONTROL_ROOM_OCTETS);
    }
  }

  ReceivedBatch batch() {
    return batch;
  }

  /// Receives up to `most` packets into the empty batch.
  ///
  /// @return how many came; not positive for none
  int read(LinuxCalls calls, int fd, int most) {
    for (int slot = 0; slot < used; slot++) {
      long at = (long) slot * MESSAGE_OCTETS;
      messages.set(JAVA_INT, at + NAME_OCTETS, SocketName.ROOM_OCTETS);
      messages.set(JAVA_LONG, at + CONTROL_OCTETS, CONTROL_ROOM_OCTETS);
    }
    int came = calls.receive(fd, address, most);
    used = Math.max(0, came);
    for (int slot = 0; slot < came; slot++) {
      long at = (long) slot * MESSAGE_OCTETS;
      batch.add(messages.get(JAVA_INT, at + RECEIVED), this, received(slot, at));
    }
    return came;
  }

  /// When the kernel received the packet; notes its drops on the way.
  private long received(int slot, long message) {
    told.read(
        controls,
        (long) slot * CONTROL_ROOM_OCTETS,
        messages.get(JAVA_LONG, message + CONTROL_OCTETS));
    return told.receivedUnixNanos(clock);
  }

  /// The socket's drops as last told, a 32-bit counter that wraps; 0 when nothing was told since.
  int takeOverflow() {
    return told.takeOverflow();
  }

  @Override
  public InetSocketAddress source(int slot) {
    return SocketName.read(names, (long) slot * SocketName.ROOM_OCTETS);
  }
}
