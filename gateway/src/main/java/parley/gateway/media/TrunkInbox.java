package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives each group its packets of one read of a trunk, in the order in which they came.
///
/// Frames are noted where they lie, chained by group, and copied into the batch of their group when
/// all are noted: so a group is called once for all that came for it, up to a batch. Nothing here
/// is trusted, and nothing is kept of a frame that no group claims. Confined to the loop; allocates
/// nothing for a frame.
final class TrunkInbox implements BatchReader, Sources {
  private static final Logger LOG = LoggerFactory.getLogger(TrunkInbox.class);

  /// Noted at once; those of a longer read are handed over in between.
  static final int FRAMES = 1024;

  private static final int NONE = -1;
  private static final ValueLayout.OfLong TAG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final ReceivedBatch batch = new ReceivedBatch();
  private final TrunkCounters counters;
  private final PacketLatency latency;
  private final UnixNanos clock;

  private final long[] offsets = new long[FRAMES];
  private final int[] lengths = new int[FRAMES];
  private final int[] messages = new int[FRAMES];
  private final long[] unixNanos = new long[FRAMES];
  private final int[] next = new int[FRAMES];
  private final int[] named = new int[FRAMES];
  private final int[] frameOf = new int[ReceivedBatch.SLOTS];
  private TrunkMembers members = TrunkMembers.none();
  private MemorySegment memory = MemorySegment.NULL;
  private Sources sources = batch;
  private int noted;
  private int groups;
  private int outputs = 1;

  TrunkInbox(NettyTransport.LoopMemory of, TrunkCounters counters) {
    this.counters = counters;
    this.latency = of.latency();
    this.clock = of.clock();
  }

  /// The frames of this tag are for `port` from now on.
  void join(TrunkPort port) {
    members = members.with(port);
  }

  void leave(TrunkPort port) {
    members = members.without(port);
  }

  /// What is added next lies in `in`, and came from whom `from` says.
  void begin(MemorySegment in, Sources from) {
    memory = in;
    sources = from;
  }

  /// Notes one frame, or drops it by name.
  ///
  /// @param message by which the sources know it
  void add(long offset, int octets, int message, long receivedUnixNanos) {
    if (octets < GroupTag.OCTETS) {
      counters.drop(TrunkDrop.TOO_SHORT, 1);
      return;
    }
    if (noted == FRAMES) {
      deliver(); // before the tag is looked up: a reader may join or leave
    }
    long tag = memory.get(TAG, offset);
    int member = members.find(tag);
    if (member < 0) {
      counters.drop(GroupTag.isOurs(tag) ? TrunkDrop.UNKNOWN_TAG : TrunkDrop.WRONG_VERSION, 1);
      return;
    }
    int frame = noted++;
    offsets[frame] = offset + GroupTag.OCTETS;
    lengths[frame] = packetOctets(octets);
    messages[frame] = message;
    unixNanos[frame] = receivedUnixNanos;
    next[frame] = NONE;
    if (members.append(member, frame, next)) {
      named[groups++] = member;
    }
  }

  /// A frame that is too long for a slot becomes a packet that fills one, which its group drops.
  private static int packetOctets(int frameOctets) {
    return frameOctets >= ReceivedBatch.SLOT_OCTETS
        ? ReceivedBatch.SLOT_OCTETS
        : frameOctets - GroupTag.OCTETS;
  }

  /// Hands over all that is noted, group by group.
  void deliver() {
    TrunkMembers to = members; // a reader may join or leave
    int count = groups;
    int most = 1;
    try {
      for (int i = 0; i < count; i++) {
        TrunkPort port = to.port(named[i]);
        most = Math.max(most, port.outputsPerPacket());
        deliver(port, to.takeFirst(named[i]));
      }
    } finally {
      outputs = count == 0 ? outputs : most;
      groups = 0;
      noted = 0;
    }
  }

  private void deliver(TrunkPort port, int first) {
    for (int frame = first; frame != NONE; frame = next[frame]) {
      int octets = lengths[frame];
      int slot = batch.add(octets, this, unixNanos[frame]);
      frameOf[slot] = frame;
      MemorySegment.copy(
          memory,
          offsets[frame],
          batch.packets().memory(),
          batch.packets().offset(slot),
          Math.min(octets, ReceivedBatch.SLOT_OCTETS - GroupTag.OCTETS));
      if (batch.isFull() || next[frame] == NONE) {
        handOver(port);
      }
    }
  }

  /// A fault of one group's reader loses its batch alone.
  private void handOver(TrunkPort port) {
    try {
      port.read(batch);
      latency.record(batch, clock.now());
    } catch (RuntimeException e) {
      LOG.error("a batch received by trunk {} was given up", counters.name(), e);
    } finally {
      batch.clear();
    }
  }

  /// Frames that the portable path has read, one in each slot.
  @Override
  public void read(MediaPort port, ReceivedBatch frames) {
    int count = frames.packets().size();
    counters.carried(count, count);
    begin(frames.packets().memory(), frames);
    for (int slot = 0; slot < count; slot++) {
      add(
          frames.packets().offset(slot),
          frames.packets().length(slot),
          slot,
          frames.receivedUnixNanos(slot));
    }
    deliver();
  }

  @Override
  public InetSocketAddress source(int slot) {
    return sources.source(messages[frameOf[slot]]);
  }

  /// As many as a packet of the last read became at most: asking each group would cost more than it
  /// saves.
  @Override
  public int outputsPerPacket() {
    return outputs;
  }

  /// Whether one of its groups is.
  @Override
  public boolean isLowLatency() {
    for (TrunkPort port : members.ports()) {
      if (port.isLowLatency()) {
        return true;
      }
    }
    return false;
  }
}
