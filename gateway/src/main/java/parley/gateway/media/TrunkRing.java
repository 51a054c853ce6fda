package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static parley.gateway.media.ReceiveRing.CONTROL;
import static parley.gateway.media.ReceiveRing.CONTROL_OCTETS;
import static parley.gateway.media.ReceiveRing.MESSAGE_OCTETS;
import static parley.gateway.media.ReceiveRing.NAME;
import static parley.gateway.media.ReceiveRing.NAME_OCTETS;
import static parley.gateway.media.ReceiveRing.RECEIVED;
import static parley.gateway.media.ReceiveRing.VECTOR;
import static parley.gateway.media.ReceiveRing.VECTORS;
import static parley.gateway.media.ReceiveRing.VECTOR_OCTETS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/// The memory and message headers with which a trunk receives: each message may be a run of
/// datagrams of one length that the kernel has joined (UDP_GRO in udp(7)), or that another gateway
/// of this host has sent as one. Confined to the loop; allocates nothing.
final class TrunkRing implements Sources {
  static final int MESSAGES = 16;

  /// The most datagrams that the kernel joins.
  private static final int MOST_SEGMENTS = 64;

  /// Room for what is longest in UDP.
  private static final int BUFFER_OCTETS = 1 << 16;

  private static final int CONTROL_ROOM_OCTETS = ControlMessages.ROOM_OCTETS;

  private final UnixNanos clock;
  private final MemorySegment buffers;
  private final MemorySegment messages;
  private final MemorySegment names;
  private final MemorySegment controls;
  private final ControlMessages told = new ControlMessages();
  private int joined = MOST_SEGMENTS;
  private boolean wasFilled;

  TrunkRing(UnixNanos clock) {
    this.clock = clock;
    Arena arena = Arena.ofAuto(); // one for all: what a header points at lives as long as it does
    buffers = arena.allocate((long) MESSAGES * BUFFER_OCTETS, Long.BYTES);
    messages = arena.allocate((long) MESSAGES * MESSAGE_OCTETS, Long.BYTES);
    MemorySegment vectors = arena.allocate((long) MESSAGES * VECTOR_OCTETS, Long.BYTES);
    names = arena.allocate((long) MESSAGES * SocketName.ROOM_OCTETS, Long.BYTES);
    controls = arena.allocate((long) MESSAGES * CONTROL_ROOM_OCTETS, Long.BYTES);
    for (int i = 0; i < MESSAGES; i++) {
      long at = (long) i * MESSAGE_OCTETS;
      long vector = (long) i * VECTOR_OCTETS;
      vectors.set(JAVA_LONG, vector, buffers.address() + (long) i * BUFFER_OCTETS);
      vectors.set(JAVA_LONG, vector + 8, BUFFER_OCTETS);
      messages.set(JAVA_LONG, at + NAME, names.address() + (long) i * SocketName.ROOM_OCTETS);
      messages.set(JAVA_LONG, at + VECTOR, vectors.address() + vector);
      messages.set(JAVA_LONG, at + VECTORS, 1);
      messages.set(JAVA_LONG, at + CONTROL, controls.address() + (long) i * CONTROL_ROOM_OCTETS);
    }
  }

  /// Receives about as many frames as `most`, going by how many the last read had joined, and has
  /// `inbox` note them; counts them there with their messages.
  ///
  /// @return how many frames came, those among them that are dropped; not positive for none
  int read(LinuxCalls calls, int fd, int most, TrunkInbox inbox, TrunkCounters counters) {
    int wanted = Math.clamp(most / joined, 1, MESSAGES);
    for (int i = 0; i < wanted; i++) {
      long at = (long) i * MESSAGE_OCTETS;
      messages.set(JAVA_INT, at + NAME_OCTETS, SocketName.ROOM_OCTETS);
      messages.set(JAVA_LONG, at + CONTROL_OCTETS, CONTROL_ROOM_OCTETS);
    }
    int came = calls.receive(fd, messages.address(), wanted);
    wasFilled = came == wanted;
    if (came <= 0) {
      return 0;
    }
    inbox.begin(buffers, this);
    int frames = 0;
    int longest = 1;
    for (int i = 0; i < came; i++) {
      int segments = note(i, inbox);
      frames += segments;
      longest = Math.max(longest, segments);
    }
    joined = longest;
    counters.carried(frames, came);
    return frames;
  }

  private int note(int message, TrunkInbox inbox) {
    long at = (long) message * MESSAGE_OCTETS;
    told.read(
        controls,
        (long) message * CONTROL_ROOM_OCTETS,
        messages.get(JAVA_LONG, at + CONTROL_OCTETS));
    long nanos = told.receivedUnixNanos(clock);
    long from = (long) message * BUFFER_OCTETS;
    int octets = Math.clamp(messages.get(JAVA_INT, at + RECEIVED), 0, BUFFER_OCTETS);
    int each = told.segmentOctets() > 0 ? told.segmentOctets() : Math.max(1, octets);
    int segments = 0;
    int done = 0;
    do { // an empty datagram is a frame too
      inbox.add(from + done, Math.min(each, octets - done), message, nanos);
      segments++;
      done += each;
    } while (done < octets);
    return segments;
  }

  /// Whether the last read brought as much as was asked for.
  boolean wasFilled() {
    return wasFilled;
  }

  int takeOverflow() {
    return told.takeOverflow();
  }

  @Override
  public InetSocketAddress source(int message) {
    return SocketName.read(names, (long) message * SocketName.ROOM_OCTETS);
  }
}
