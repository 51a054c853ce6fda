package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static parley.gateway.media.ControlMessages.SEGMENT_ROOM_OCTETS;
import static parley.gateway.media.MessageHeader.CONTROL;
import static parley.gateway.media.MessageHeader.CONTROL_OCTETS;
import static parley.gateway.media.MessageHeader.MESSAGE_OCTETS;
import static parley.gateway.media.MessageHeader.NAME;
import static parley.gateway.media.MessageHeader.NAME_OCTETS;
import static parley.gateway.media.MessageHeader.VECTOR;
import static parley.gateway.media.MessageHeader.VECTORS;
import static parley.gateway.media.MessageHeader.VECTOR_OCTETS;

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
/// Datagrams of one length that go to one receiver in a row are one message, which the kernel, or
/// the device, cuts apart again (UDP_SEGMENT, udp(7)): they pass its stack once. The last of them
/// may be shorter.
///
/// ```
/// message:  receiver, vectors [first, first + n), segment size where n > 1
/// vector:   the octets of one datagram
/// ```
///
/// Begins small, doubles when a port sends more in one go, and is full at [#MOST] messages or
/// [#MOST_DATAGRAMS]. What is queued points into the senders' batches, which they keep until the
/// ring is cleared. Confined to the loop; allocates only when it grows.
final class SendRing implements Outbox {
  /// What one system call takes (UIO_MAXIOV).
  static final int MOST = 1024;

  static final int MOST_DATAGRAMS = 8 * MOST;

  /// What every kernel that segments takes in one message (UDP_MAX_SEGMENTS).
  static final int MOST_SEGMENTS = 64;

  private static final int FEWEST = 16;

  /// The longest datagram over IPv4, which is what a message is to the kernel at first.
  private static final int MOST_OCTETS = 65_507;

  /// Room for the longest datagram.
  private static final int COPIES_OCTETS = 1 << 16;

  private final boolean isIpv6;
  private final boolean segments;
  private MemorySegment messages;
  private MemorySegment names;
  private MemorySegment controls;
  private MemorySegment vectors;
  private @Nullable Destination[] to;
  private int[] first;
  private int size;
  private int datagrams;
  private int lastOctets;
  private int segmentOctets;
  private @Nullable MemorySegment copies;
  private int copied;

  /// @param segments whether the kernel cuts messages into datagrams
  SendRing(boolean isIpv6, boolean segments) {
    this.isIpv6 = isIpv6;
    this.segments = segments;
    to = new @Nullable Destination[FEWEST];
    first = new int[FEWEST + 1];
    Arena arena = Arena.ofAuto();
    messages = arena.allocate((long) FEWEST * MESSAGE_OCTETS, Long.BYTES);
    names = arena.allocate((long) FEWEST * SocketName.ROOM_OCTETS, Long.BYTES);
    controls = arena.allocate((long) FEWEST * SEGMENT_ROOM_OCTETS, Long.BYTES);
    vectors = arena.allocate((long) FEWEST * VECTOR_OCTETS, Long.BYTES);
    layOut();
  }

  private void layOut() {
    for (int i = 0; i < to.length; i++) {
      long at = (long) i * MESSAGE_OCTETS;
      long control = (long) i * SEGMENT_ROOM_OCTETS;
      messages.set(JAVA_LONG, at + NAME, names.address() + (long) i * SocketName.ROOM_OCTETS);
      messages.set(JAVA_LONG, at + CONTROL, controls.address() + control);
      ControlMessages.layOutSegment(controls, control);
    }
  }

  private void growMessages() {
    int more = to.length * 2;
    Arena arena = Arena.ofAuto();
    messages = copy(messages, arena.allocate((long) more * MESSAGE_OCTETS, Long.BYTES));
    names = copy(names, arena.allocate((long) more * SocketName.ROOM_OCTETS, Long.BYTES));
    controls = copy(controls, arena.allocate((long) more * SEGMENT_ROOM_OCTETS, Long.BYTES));
    to = Arrays.copyOf(to, more);
    first = Arrays.copyOf(first, more + 1);
    layOut();
  }

  private void growVectors() {
    vectors = copy(vectors, Arena.ofAuto().allocate(vectors.byteSize() * 2, Long.BYTES));
    for (int message = 0; message < size; message++) {
      pointAtVectors(message);
    }
  }

  private static MemorySegment copy(MemorySegment from, MemorySegment larger) {
    return larger.copyFrom(from);
  }

  boolean isFull() {
    return size == MOST || datagrams == MOST_DATAGRAMS;
  }

  @Override
  public int size() {
    return size;
  }

  Destination to(int message) {
    return Objects.requireNonNull(to[message]);
  }

  @Override
  public int datagrams(int message) {
    return first[message + 1] - first[message];
  }

  @Override
  public long address(int message) {
    return messages.address() + (long) message * MESSAGE_OCTETS;
  }

  /// Else it lengthens the last one.
  private boolean beginsMessage(int octets, Destination receiver) {
    return size == 0
        || !receiver.equals(to[size - 1])
        || !segments
        || !receiver.takesSegments()
        || octets == 0 // would vanish in the message before it
        || octets > segmentOctets
        || lastOctets < segmentOctets
        || datagrams(size - 1) == MOST_SEGMENTS
        || (datagrams(size - 1) + 1) * segmentOctets > MOST_OCTETS;
  }

  /// Queues the packet of a slot; the ring is not full.
  ///
  /// @return whether it begins a message
  boolean add(PacketBatch batch, int slot, Destination receiver) {
    return add(batch.memory().address() + batch.offset(slot), batch.length(slot), receiver);
  }

  /// Queues the datagrams of a message of `other` again; the ring has room for all.
  void add(SendRing other, int message) {
    for (int i = other.first[message]; i < other.first[message + 1]; i++) {
      long vector = (long) i * VECTOR_OCTETS;
      long octets = other.vectors.get(JAVA_LONG, vector + 8);
      boolean _ = add(other.vectors.get(JAVA_LONG, vector), (int) octets, other.to(message));
    }
  }

  /// Whether a copy of so many octets has room.
  boolean hasRoom(int octets) {
    return !isFull() && copied + octets <= COPIES_OCTETS;
  }

  /// Queues a copy of these octets, for which there is room.
  ///
  /// @return whether it begins a message
  boolean add(ByteBuffer octets, Destination receiver) {
    MemorySegment room = copies;
    if (room == null) {
      room = Arena.ofAuto().allocate(COPIES_OCTETS);
      copies = room;
    }
    int length = octets.remaining();
    MemorySegment.copy(MemorySegment.ofBuffer(octets), 0, room, copied, length);
    long at = room.address() + copied;
    copied += length;
    return add(at, length, receiver);
  }

  private boolean add(long address, int octets, Destination receiver) {
    boolean isNew = beginsMessage(octets, receiver);
    if (isNew) {
      begin(octets, receiver);
    }
    long vector = (long) datagrams * VECTOR_OCTETS;
    if (vector == vectors.byteSize()) {
      growVectors();
    }
    vectors.set(JAVA_LONG, vector, address);
    vectors.set(JAVA_LONG, vector + 8, octets);
    lastOctets = octets;
    datagrams++;
    first[size] = datagrams;
    int parts = datagrams(size - 1);
    long message = (long) (size - 1) * MESSAGE_OCTETS;
    messages.set(JAVA_LONG, message + VECTORS, parts);
    messages.set(JAVA_LONG, message + CONTROL_OCTETS, parts > 1 ? SEGMENT_ROOM_OCTETS : 0);
    return isNew;
  }

  private void begin(int octets, Destination receiver) {
    int message = size;
    if (message == to.length) {
      growMessages();
    }
    SocketName name = receiver.name(isIpv6);
    name.write(names, (long) message * SocketName.ROOM_OCTETS);
    messages.set(JAVA_INT, (long) message * MESSAGE_OCTETS + NAME_OCTETS, name.octets());
    ControlMessages.segment(controls, (long) message * SEGMENT_ROOM_OCTETS, octets);
    to[message] = receiver;
    first[message] = datagrams;
    segmentOctets = octets;
    lastOctets = octets;
    pointAtVectors(message);
    size++;
  }

  private void pointAtVectors(int message) {
    messages.set(
        JAVA_LONG,
        (long) message * MESSAGE_OCTETS + VECTOR,
        vectors.address() + (long) first[message] * VECTOR_OCTETS);
  }

  @Override
  public void sent(int begin, int end, SendLosses losses) {
    for (int message = begin; message < end; message++) {
      losses.sent(to(message).leg());
    }
  }

  @Override
  public void full(int begin, int end, SendLosses losses) {
    for (int message = begin; message < end; message++) {
      losses.full(to(message).leg(), datagrams(message));
    }
  }

  @Override
  public void refused(int message, int errno, SendLosses losses) {
    losses.refused(to(message), errno, datagrams(message));
  }

  @Override
  public void clear() {
    size = 0;
    datagrams = 0;
    copied = 0;
  }
}
