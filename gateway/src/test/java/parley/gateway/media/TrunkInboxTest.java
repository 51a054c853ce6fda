package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.mikey.identity.Identity;

/// One read of a trunk that is longer than what is noted at once.
class TrunkInboxTest {
  private static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 5010);
  private static final int FRAME_OCTETS = GroupTag.OCTETS + 12;

  private final NettyTransport.LoopMemory loop = new NettyTransport.LoopMemory();
  private final TrunkCounters counters = new TrunkCounters("trunk", LegCounters.Direction.IN);
  private final TrunkInbox inbox = new TrunkInbox(loop, counters);
  private final Trunk trunk =
      new Trunk(new NettyPort(new EmbeddedChannel(), loop), inbox, () -> {});
  private final List<String> heard = new ArrayList<>();

  private static GroupTag tag(String group) {
    return GroupTag.of(new Identity("sip:" + group + "@example.org"));
  }

  private void listen(String group, boolean once) {
    TrunkPort port = trunk.port(tag(group));
    port.start((_, batch) -> {
      heard.addAll(Collections.nCopies(batch.packets().size(), group));
      if (once) {
        port.close();
      }
    });
  }

  @Test
  void nobodysFramesMoveWhenAGroupLeavesInTheMiddle() {
    listen("first", true);
    listen("second", false);
    listen("third", false);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(3L * FRAME_OCTETS);
      ByteBuffer frames = memory.asByteBuffer().order(ByteOrder.BIG_ENDIAN);
      frames.putLong(0, tag("first").octets());
      frames.putLong(FRAME_OCTETS, tag("second").octets());
      frames.putLong(2 * FRAME_OCTETS, tag("third").octets());
      inbox.begin(memory, _ -> PEER);
      inbox.add(0, FRAME_OCTETS, 0, 1);
      for (int i = 1; i < TrunkInbox.FRAMES; i++) {
        inbox.add(FRAME_OCTETS, FRAME_OCTETS, 0, 1);
      }
      inbox.add(2L * FRAME_OCTETS, FRAME_OCTETS, 0, 1);
      inbox.add(0, FRAME_OCTETS, 0, 1);
      inbox.deliver();
    }
    assertThat(Collections.frequency(heard, "first")).isEqualTo(1);
    assertThat(Collections.frequency(heard, "second")).isEqualTo(TrunkInbox.FRAMES - 1);
    assertThat(Collections.frequency(heard, "third")).isEqualTo(1);
    assertThat(counters.dropped(TrunkDrop.UNKNOWN_TAG)).isEqualTo(1);
  }
}
