package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.util.Objects.requireNonNull;
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
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The frames that a trunk has queued, one behind the other in memory, and the messages of
/// `sendmmsg` over them.
///
/// Consecutive frames of one length are one message that the kernel, or the network card, cuts
/// apart again (UDP_SEGMENT in udp(7)); the last may be shorter and closes the run. Headers are
/// laid out once. Confined to the loop; allocates nothing.
final class TrunkRuns implements Outbox {
  static final int MOST_FRAMES = 1024;

  /// What the kernel cuts one message into at most, and how long that may be.
  static final int MOST_SEGMENTS = 64;

  static final int MOST_OCTETS = 65_507;
  private static final int ROOM_OCTETS = 1 << 18;

  private static final ValueLayout.OfLong TAG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment octets;
  private final MemorySegment messages;
  private final MemorySegment vectors;
  private final MemorySegment controls;
  private final @Nullable Destination[] to = new @Nullable Destination[MOST_FRAMES];
  private final int[] offsets = new int[MOST_FRAMES + 1];
  private final int[] firstFrames = new int[MOST_FRAMES + 1];
  private int frames;
  private int runs;
  private boolean isOpen;
  private int longest = MOST_OCTETS;

  TrunkRuns(SocketName receiver) {
    Arena arena = Arena.ofAuto(); // one for all: what a header points at lives as long as it does
    octets = arena.allocate(ROOM_OCTETS, Long.BYTES);
    messages = arena.allocate((long) MOST_FRAMES * MESSAGE_OCTETS, Long.BYTES);
    vectors = arena.allocate((long) MOST_FRAMES * VECTOR_OCTETS, Long.BYTES);
    controls = arena.allocate((long) MOST_FRAMES * SEGMENT_ROOM_OCTETS, Long.BYTES);
    MemorySegment name = arena.allocate(SocketName.ROOM_OCTETS, Long.BYTES);
    receiver.write(name, 0);
    for (int i = 0; i < MOST_FRAMES; i++) {
      long at = (long) i * MESSAGE_OCTETS;
      long control = (long) i * SEGMENT_ROOM_OCTETS;
      messages.set(JAVA_LONG, at + NAME, name.address());
      messages.set(JAVA_INT, at + NAME_OCTETS, receiver.octets());
      messages.set(JAVA_LONG, at + VECTOR, vectors.address() + (long) i * VECTOR_OCTETS);
      messages.set(JAVA_LONG, at + VECTORS, 1);
      messages.set(JAVA_LONG, at + CONTROL, controls.address() + control);
      ControlMessages.layOutSegment(controls, control);
    }
  }

  /// Whether one more frame with so many octets behind its tag fits.
  boolean hasRoom(int packetOctets) {
    return frames < MOST_FRAMES && offsets[frames] + GroupTag.OCTETS + packetOctets <= ROOM_OCTETS;
  }

  /// Adds a frame, for which there is room.
  void add(MemorySegment from, long at, int packetOctets, Destination receiver) {
    MemorySegment.copy(from, JAVA_BYTE, at, octets, JAVA_BYTE, begin(receiver), packetOctets);
    end(packetOctets);
  }

  /// The same from a buffer.
  void add(ByteBuffer from, Destination receiver) {
    int packetOctets = from.remaining();
    MemorySegment.copy(MemorySegment.ofBuffer(from), 0, octets, begin(receiver), packetOctets);
    end(packetOctets);
  }

  /// Where the packet goes, behind its tag.
  private long begin(Destination receiver) {
    octets.set(TAG, offsets[frames], requireNonNull(receiver.tag(), "no leg of a trunk").octets());
    to[frames] = receiver;
    return (long) offsets[frames] + GroupTag.OCTETS;
  }

  private void end(int packetOctets) {
    offsets[frames + 1] = offsets[frames] + GroupTag.OCTETS + packetOctets;
    place(frames++);
  }

  private int frameOctets(int frame) {
    return offsets[frame + 1] - offsets[frame];
  }

  /// Puts a frame into the last run, or begins one.
  private void place(int frame) {
    int own = frameOctets(frame);
    int run = runs - 1;
    if (isOpen && own <= frameOctets(firstFrames[run]) && extend(run, frame, own)) {
      isOpen = own == frameOctets(firstFrames[run]);
    } else {
      begin(runs++, frame, own);
      isOpen = own <= longest;
    }
    firstFrames[runs] = frame + 1;
  }

  private void begin(int run, int frame, int own) {
    firstFrames[run] = frame;
    vectors.set(JAVA_LONG, (long) run * VECTOR_OCTETS, octets.address() + offsets[frame]);
    vectors.set(JAVA_LONG, (long) run * VECTOR_OCTETS + 8, own);
    messages.set(JAVA_LONG, (long) run * MESSAGE_OCTETS + CONTROL_OCTETS, 0);
  }

  private boolean extend(int run, int frame, int own) {
    int all = offsets[frame] - offsets[firstFrames[run]] + own;
    if (frame - firstFrames[run] == MOST_SEGMENTS || all > MOST_OCTETS) {
      return false;
    }
    vectors.set(JAVA_LONG, (long) run * VECTOR_OCTETS + 8, all);
    messages.set(JAVA_LONG, (long) run * MESSAGE_OCTETS + CONTROL_OCTETS, SEGMENT_ROOM_OCTETS);
    ControlMessages.segment(
        controls, (long) run * SEGMENT_ROOM_OCTETS, frameOctets(firstFrames[run]));
    return true;
  }

  /// Runs are of frames no longer than that from now on, and so are those of this run and behind
  /// it. Longer frames go each alone.
  void runsOfAtMost(int octetsEach, int fromRun) {
    longest = octetsEach;
    int frame = firstFrames[fromRun];
    runs = fromRun;
    isOpen = false;
    while (frame < frames) {
      place(frame++);
    }
  }

  @Override
  public int size() {
    return runs;
  }

  /// The first frame of this run; that of the run behind the last is behind the last frame.
  int firstFrame(int run) {
    return firstFrames[run];
  }

  /// How long the frames of this run are, but the last.
  int octetsEach(int run) {
    return frameOctets(firstFrames[run]);
  }

  @Override
  public int datagrams(int run) {
    return firstFrames[run + 1] - firstFrames[run];
  }

  private Destination to(int frame) {
    return requireNonNull(to[frame]);
  }

  @Override
  public long address(int run) {
    return messages.address() + (long) run * MESSAGE_OCTETS;
  }

  @Override
  public void sent(int first, int end, SendLosses losses) {
    for (int frame = firstFrames[first]; frame < firstFrames[end]; frame++) {
      losses.sent(to(frame).leg());
    }
  }

  @Override
  public void full(int first, int end, SendLosses losses) {
    for (int frame = firstFrames[first]; frame < firstFrames[end]; frame++) {
      losses.full(to(frame).leg(), 1);
    }
  }

  @Override
  public void refused(int run, int errno, SendLosses losses) {
    for (int frame = firstFrames[run]; frame < firstFrames[run + 1]; frame++) {
      losses.refused(to(frame), errno, 1);
    }
  }

  @Override
  public void clear() {
    Arrays.fill(to, 0, frames, null);
    frames = 0;
    runs = 0;
    isOpen = false;
  }
}
