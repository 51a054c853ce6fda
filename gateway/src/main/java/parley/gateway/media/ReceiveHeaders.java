package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static parley.gateway.media.MessageHeader.CONTROL;
import static parley.gateway.media.MessageHeader.CONTROL_OCTETS;
import static parley.gateway.media.MessageHeader.MESSAGE_OCTETS;
import static parley.gateway.media.MessageHeader.NAME;
import static parley.gateway.media.MessageHeader.NAME_OCTETS;
import static parley.gateway.media.MessageHeader.RECEIVED;
import static parley.gateway.media.MessageHeader.VECTOR;
import static parley.gateway.media.MessageHeader.VECTORS;
import static parley.gateway.media.MessageHeader.VECTOR_OCTETS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/// The headers with which `recvmmsg` receives, each into a place of its own: laid out once, so that
/// a call has only lengths to set back. Confined to the loop; allocates nothing.
final class ReceiveHeaders implements Sources {
  private static final int CONTROL_ROOM_OCTETS = ControlMessages.ROOM_OCTETS;

  private final UnixNanos clock;
  private final MemorySegment messages;
  private final MemorySegment vectors;
  private final MemorySegment names;
  private final MemorySegment controls;
  private final long address;
  private final ControlMessages told = new ControlMessages();
  private int used;

  /// Where messages go is said by [#place].
  ReceiveHeaders(int count, UnixNanos clock) {
    this.clock = clock;
    Arena arena = Arena.ofAuto(); // one for all: what a header points at lives as long as it does
    messages = arena.allocate((long) count * MESSAGE_OCTETS, Long.BYTES);
    vectors = arena.allocate((long) count * VECTOR_OCTETS, Long.BYTES);
    names = arena.allocate((long) count * SocketName.ROOM_OCTETS, Long.BYTES);
    controls = arena.allocate((long) count * CONTROL_ROOM_OCTETS, Long.BYTES);
    address = messages.address();
    used = count;
    for (int i = 0; i < count; i++) {
      long at = (long) i * MESSAGE_OCTETS;
      messages.set(JAVA_LONG, at + NAME, names.address() + (long) i * SocketName.ROOM_OCTETS);
      messages.set(JAVA_LONG, at + VECTOR, vectors.address() + (long) i * VECTOR_OCTETS);
      messages.set(JAVA_LONG, at + VECTORS, 1);
      messages.set(JAVA_LONG, at + CONTROL, controls.address() + (long) i * CONTROL_ROOM_OCTETS);
    }
  }

  /// Where a message is received to; the caller keeps that memory.
  void place(int message, long at, int octets) {
    long vector = (long) message * VECTOR_OCTETS;
    vectors.set(JAVA_LONG, vector, at);
    vectors.set(JAVA_LONG, vector + 8, octets);
  }

  /// Receives up to `most` messages.
  ///
  /// @return how many came; not positive for none
  int receive(LinuxCalls calls, int fd, int most) {
    for (int i = 0; i < used; i++) {
      long at = (long) i * MESSAGE_OCTETS;
      messages.set(JAVA_INT, at + NAME_OCTETS, SocketName.ROOM_OCTETS);
      messages.set(JAVA_LONG, at + CONTROL_OCTETS, CONTROL_ROOM_OCTETS);
    }
    int came = calls.receive(fd, address, most);
    used = Math.max(0, came);
    return came;
  }

  /// How many octets came, no more than there was room for.
  int octets(int message) {
    return messages.get(JAVA_INT, (long) message * MESSAGE_OCTETS + RECEIVED);
  }

  /// Reads what the kernel tells beside a message; for each in turn.
  void read(int message) {
    told.read(
        controls,
        (long) message * CONTROL_ROOM_OCTETS,
        messages.get(JAVA_LONG, (long) message * MESSAGE_OCTETS + CONTROL_OCTETS));
  }

  /// When the kernel received the message that was read last.
  long receivedUnixNanos() {
    return told.receivedUnixNanos(clock);
  }

  /// How long each datagram of that message is where the kernel has joined several, else 0.
  int segmentOctets() {
    return told.segmentOctets();
  }

  /// The socket's drops as last told, a 32-bit counter that wraps; 0 when nothing was told since.
  int takeOverflow() {
    return told.takeOverflow();
  }

  @Override
  public InetSocketAddress source(int message) {
    return SocketName.read(names, (long) message * SocketName.ROOM_OCTETS);
  }
}
