package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.identity.Identity;

/// Whatever one read of a trunk brings, each frame reaches the group of its tag whole and alone, in
/// its order and from its source, or is counted under its reason. Runs with `-Pfuzz` only.
///
/// ```
/// 0-2   a frame of that group    count (1), octets (2)
/// 3     of no group              count (1), octets (2)
/// 4     of another version       count (1), octets (2)
/// 5     any octets               length (1), octets
/// 6     a group leaves when it is read next    group (1)
/// ```
class TrunkInboxFuzz {
  private static final int GROUPS = 3;
  private static final int OTHER_VERSION = 4;
  private static final int RAW = 5;
  private static final int LEAVES = 6;
  private static final int KINDS = 7;
  private static final int MOST_FRAMES = 3000;
  private static final int MOST_FRAME_OCTETS = 2200;
  private static final int MEMORY_OCTETS = 1 << 19;

  /// Each frame begins at another place of it, so none is like the one before.
  private static final byte[] NOISE = new byte[MOST_FRAMES + MOST_FRAME_OCTETS];

  static {
    new Random(20261128).nextBytes(NOISE);
  }

  private final NettyTransport.LoopMemory loop = new NettyTransport.LoopMemory();
  private final TrunkCounters counters =
      new TrunkCounters("127.0.0.1:5010", LegCounters.Direction.IN);
  private final TrunkInbox inbox = new TrunkInbox(loop, counters);
  private final Trunk trunk =
      new Trunk(new NettyPort(new EmbeddedChannel(), loop), inbox, () -> {});
  private final ByteBuffer memory = ByteBuffer.allocateDirect(MEMORY_OCTETS);

  private final List<Ear> ears = new ArrayList<>();
  private final List<byte[]> frames = new ArrayList<>();

  private static GroupTag tag(int group) {
    return GroupTag.of(new Identity("sip:group" + group + "@example.org"));
  }

  /// What one group hears.
  private final class Ear implements BatchReader {
    private final TrunkPort port;
    private final List<Integer> expected = new ArrayList<>();
    private final List<Integer> heard = new ArrayList<>();
    private boolean leaves;

    Ear(int group) {
      port = trunk.port(tag(group));
      port.start(this);
    }

    @Override
    public void read(MediaPort at, ReceivedBatch batch) {
      assertThat(at).isSameAs(port);
      assertThat(batch.packets().size()).isBetween(1, ReceivedBatch.SLOTS);
      for (int slot = 0; slot < batch.packets().size(); slot++) {
        int frame = Math.toIntExact(batch.receivedUnixNanos(slot));
        if (batch.source(slot).getPort() != 1 + frame
            || !isOf(frames.get(frame), batch.packets().octets(slot))) {
          fail("frame %s arrived as %s".formatted(frame, slot));
        }
        heard.add(frame);
      }
      if (leaves) {
        port.close();
      }
    }
  }

  private static InetSocketAddress source(int frame) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + frame);
  }

  /// A frame that fills a slot with its tag becomes a packet that fills one.
  private static boolean isOf(byte[] frame, byte[] packet) {
    boolean isTooLong = frame.length >= ReceivedBatch.SLOT_OCTETS;
    int whole = isTooLong ? ReceivedBatch.SLOT_OCTETS : frame.length;
    int octets = whole - GroupTag.OCTETS;
    return packet.length == (isTooLong ? ReceivedBatch.SLOT_OCTETS : octets)
        && Arrays.equals(packet, 0, octets, frame, GroupTag.OCTETS, whole);
  }

  static Stream<byte[]> seeds() {
    byte[] raw = ByteBuffer.allocate(12).putLong(tag(1).octets()).putInt(0x80600001).array();
    return Stream.of(
        new byte[] {0, 3, 0, 100, 1, 2, 0, 9, 0, 1, 0, 8, 3, 1, 0, 20, 4, 1, 0, 20},
        ByteBuffer.allocate(14).put((byte) RAW).put((byte) 12).put(raw).array(),
        new byte[] {RAW, 7, 0x54, 1, 2, 3, 4, 5, 6, RAW, 0, 2, 1, 7, -1, 2, 1, 8, 0, 2, 1, 8, 1},
        // more than one batch, then more than are noted at once
        new byte[] {0, 100, 0, 60, 1, 100, 0, 60, 0, 100, 0, 60},
        new byte[] {0, -1, 0, 60, 1, -1, 0, 60, 2, -1, 0, 60, 0, -1, 0, 60, 1, -1, 0, 60},
        new byte[] {LEAVES, 0, 0, -1, 0, 9, 1, -1, 0, 9, 2, -1, 0, 9, 2, -1, 0, 9, 2, -1, 0, 9});
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void everyFrameIsAccountedFor(byte[] script) {
    ears.clear();
    frames.clear();
    IntStream.range(0, GROUPS).forEach(group -> ears.add(new Ear(group)));
    long[] before = drops();
    memory.clear();
    play(ByteBuffer.wrap(script));

    MemorySegment read = MemorySegment.ofBuffer(memory.flip());
    inbox.begin(read, TrunkInboxFuzz::source);
    long[] expected = new long[TrunkDrop.values().length];
    long offset = 0;
    for (int frame = 0; frame < frames.size(); frame++) {
      byte[] octets = frames.get(frame);
      expect(frame, octets, expected);
      inbox.add(offset, octets.length, frame, frame);
      offset += octets.length;
    }
    inbox.deliver();

    ears.forEach(ear -> ear.port.close());
    assertAccounted(before, expected);
  }

  private void play(ByteBuffer script) {
    while (script.remaining() >= 2) {
      int kind = Byte.toUnsignedInt(script.get()) % KINDS;
      int count = Byte.toUnsignedInt(script.get());
      if (kind == LEAVES) {
        ears.get(count % GROUPS).leaves = true;
      } else if (kind == RAW) {
        byte[] octets = new byte[Math.min(count, script.remaining())];
        script.get(octets);
        lay(octets);
      } else if (script.remaining() >= 2) {
        int octets = Short.toUnsignedInt(script.getShort()) % MOST_FRAME_OCTETS;
        for (int i = 0; i < count; i++) {
          lay(frame(kind, octets));
        }
      }
    }
  }

  private byte[] frame(int kind, int octets) {
    int start = frames.size();
    byte[] frame = Arrays.copyOfRange(NOISE, start, start + octets);
    byte[] tag = ByteBuffer.allocate(GroupTag.OCTETS).putLong(tags(kind)).array();
    System.arraycopy(tag, 0, frame, 0, Math.min(octets, tag.length));
    return frame;
  }

  private static long tags(int kind) {
    return kind == OTHER_VERSION ? tag(0).octets() ^ (1L << 56) : tag(kind).octets();
  }

  /// Puts a frame right behind the one before, as long as there is room.
  private void lay(byte[] frame) {
    if (frames.size() < MOST_FRAMES && frame.length <= memory.remaining()) {
      memory.put(frame);
      frames.add(frame);
    }
  }

  private void expect(int frame, byte[] octets, long[] drops) {
    if (octets.length < GroupTag.OCTETS) {
      drops[TrunkDrop.TOO_SHORT.place()]++;
    } else if (octets[0] != GroupTag.VERSION) {
      drops[TrunkDrop.WRONG_VERSION.place()]++;
    } else {
      long tag = ByteBuffer.wrap(octets).getLong();
      ears.stream()
          .filter(ear -> ear.port.tag().octets() == tag)
          .findFirst()
          .ifPresentOrElse(
              ear -> ear.expected.add(frame), () -> drops[TrunkDrop.UNKNOWN_TAG.place()]++);
    }
  }

  private long[] drops() {
    return Arrays.stream(TrunkDrop.values()).mapToLong(counters::dropped).toArray();
  }

  /// A group that has left hears no more; what comes for it then is of nobody.
  private void assertAccounted(long[] before, long[] expected) {
    long unheard = 0;
    for (Ear ear : ears) {
      if (ear.leaves) {
        assertThat(ear.expected).startsWith(ear.heard.toArray(Integer[]::new));
        unheard += ear.expected.size() - ear.heard.size();
      } else {
        assertThat(ear.heard).isEqualTo(ear.expected);
      }
    }
    long[] after = drops();
    for (TrunkDrop reason : TrunkDrop.values()) {
      int place = reason.place();
      assertThat(after[place] - before[place])
          .as(reason.label())
          .isBetween(
              expected[place], expected[place] + (reason == TrunkDrop.UNKNOWN_TAG ? unheard : 0));
    }
  }
}
