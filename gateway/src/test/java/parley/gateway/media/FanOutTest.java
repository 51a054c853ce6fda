package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.gateway.media.LegCounters.Direction;
import parley.mikey.identity.Identity;
import parley.srtp.PacketBatch;

/// Which socket a leg leaves by, and what becomes of losses.
class FanOutTest {
  private final EventLoop loop = new DefaultEventLoop();
  private final GroupCounters counters = new GroupCounters();
  private final List<LossyPort> opened = new ArrayList<>();
  private final FanOut fanOut = new FanOut(new LossyTransport(), loop, counters);
  private final PacketBatch batch = PacketBatch.allocate(1, 64);

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /// Loses the first of every two datagrams for want of room, and refuses those to port 9.
  private static final class LossyPort implements MediaPort {
    private final List<InetSocketAddress> queued = new ArrayList<>();
    private final List<Destination> destinations = new ArrayList<>();
    private final List<InetSocketAddress> sent = new ArrayList<>();
    private long full;
    private long failed;
    private boolean closed;
    private @Nullable String fault;

    @Override
    public @Nullable String fault() {
      return fault;
    }

    @Override
    public InetSocketAddress local() {
      return at(4000);
    }

    @Override
    public void start(BatchReader reader) {}

    @Override
    public void send(PacketBatch batch, int slot, Destination to) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      queued.add(to.address());
      destinations.add(to);
    }

    @Override
    public void send(ByteBuffer octets, Destination to) {
      queued.add(to.address());
    }

    @Override
    public void flush() {
      for (int i = 0; i < queued.size(); i++) {
        if (queued.get(i).getPort() == 9) {
          failed++;
        } else if (i % 2 == 0) {
          full++;
        } else {
          sent.add(queued.get(i));
        }
      }
      queued.clear();
    }

    @Override
    public long sendsFull() {
      return full;
    }

    @Override
    public long sendsFailed() {
      return failed;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final class LossyTransport implements MediaTransport {
    @Override
    public String name() {
      return "lossy";
    }

    @Override
    public EventLoop nextLoop() {
      return loop;
    }

    @Override
    public MediaPort bind(Leg listen, EventLoop on) {
      return sender(listen, on);
    }

    @Override
    public MediaPort sender(@Nullable Leg multicastOut, EventLoop on) {
      LossyPort port = new LossyPort();
      opened.add(port);
      return port;
    }

    @Override
    public void close() {}
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  void countsLossesOnceWithTheirReason() throws Exception {
    fanOut.add(Leg.unicast(at(1)));
    fanOut.add(Leg.unicast(at(2)));
    fanOut.add(Leg.unicast(at(9)));
    batch.add(new byte[] {1});
    for (int round = 1; round <= 3; round++) {
      fanOut.send(batch, 0, false, null);
      fanOut.flush();
      fanOut.flush();
      assertThat(counters.dropped(DropReason.SEND_FULL)).isEqualTo(round);
      assertThat(counters.dropped(DropReason.SEND_FAILED)).isEqualTo(round);
    }
    assertThat(opened).hasSize(1);
    assertThat(opened.getFirst().sent).containsExactly(at(2), at(2), at(2));
  }

  @Test
  void sendsUnicastFromTheListeningSocketAndMulticastFromItsOwn() throws Exception {
    LossyPort listening = new LossyPort();
    Leg island = Leg.multicast(new InetSocketAddress(group(), 5004), "lo", 1);
    fanOut.listensOn(counters.leg(MediaLab.loopback(), LegCounters.Direction.IN), listening);
    fanOut.add(Leg.unicast(at(1)));
    fanOut.add(island);
    fanOut.add(island);
    assertThat(fanOut.legs()).containsExactly(Leg.unicast(at(1)), island);
    fanOut.sendTo(Leg.unicast(at(1)), new byte[] {1});
    assertThat(listening.full).isEqualTo(1);
    assertThat(opened).hasSize(1);

    fanOut.remove(island);
    assertThat(opened.getFirst().closed).isTrue();
    fanOut.close();
    assertThat(listening.closed).as("belongs to the group").isFalse();
  }

  /// So that a port finds in a row what one message can carry.
  @Test
  void whatAReceiverGetsOfABatchIsQueuedInARow() throws Exception {
    fanOut.add(Leg.unicast(at(1)));
    fanOut.add(Leg.unicast(at(2)));
    batch.add(new byte[] {1});
    fanOut.send(batch, 0, false, null);
    fanOut.send(batch, 0, true, null);
    fanOut.flush();
    assertThat(opened.getFirst().sent).as("every second").containsExactly(at(1), at(2));
    assertThat(counters.leg(Leg.unicast(at(2)), LegCounters.Direction.OUT).packets()).isEqualTo(2);
  }

  /// What a path knows of a receiver is kept, and coming or going costs the same with any number.
  @Test
  void thoseThatStayAreNotMadeAnewWhenOthersComeAndGo() throws Exception {
    fanOut.add(Leg.unicast(at(1)));
    fanOut.add(Leg.unicast(at(2)));
    batch.add(new byte[] {1});
    fanOut.send(batch, 0, false, null);
    fanOut.flush();
    Destination stays = opened.getFirst().destinations.getFirst();
    fanOut.add(Leg.unicast(at(3)));
    fanOut.remove(Leg.unicast(at(2)));
    fanOut.remove(Leg.unicast(at(4)));
    opened.getFirst().destinations.clear();
    fanOut.send(batch, 0, false, null);
    fanOut.flush();
    assertThat(opened.getFirst().destinations)
        .extracting(Destination::address)
        .containsExactly(at(1), at(3));
    assertThat(opened.getFirst().destinations.getFirst()).isSameAs(stays);
  }

  @Test
  void ourSocketIsClosedWithTheLastLegThatNeedsIt() throws Exception {
    fanOut.add(Leg.unicast(at(1)).named("joined"));
    fanOut.add(Leg.unicast(at(2)).named("joined"));
    LegCounters joined = counters.leg(Leg.unicast(at(2)).named("joined"), Direction.OUT);
    opened.getFirst().fault = "it is gone";
    fanOut.remove(Leg.unicast(at(2)).named("joined"));
    assertThat(opened.getFirst().closed).isFalse();
    assertThat(joined.fault()).as("the first one's still").isEqualTo("it is gone");
    fanOut.remove(Leg.unicast(at(1)).named("joined"));
    assertThat(opened.getFirst().closed).isTrue();
    assertThat(joined.fault()).isNull();
    fanOut.add(Leg.unicast(at(1)));
    assertThat(opened).as("another").hasSize(2);
  }

  @Test
  void aFlushThatFailsLeavesNothingQueued() throws Exception {
    fanOut.add(Leg.unicast(at(1)));
    batch.add(new byte[] {1});
    fanOut.send(batch, 0, false, null);
    opened.getFirst().closed = true;
    assertThatThrownBy(fanOut::flush).isInstanceOf(IllegalStateException.class);
    opened.getFirst().closed = false;
    fanOut.flush();
    assertThat(opened.getFirst().full).isZero();
  }

  @Test
  void whatCameByATrunkGoesOutByNone() throws Exception {
    GroupTag tag = GroupTag.of(new Identity("sip:fire-ops@example.org"));
    Leg north = Leg.trunk(at(5010), tag);
    LegCounters byTrunk = counters.leg(north, LegCounters.Direction.IN);
    LegCounters byUnicast = counters.leg(Leg.unicast(at(5)), LegCounters.Direction.IN);
    fanOut.add(Leg.trunk(at(5011), tag));
    fanOut.add(Leg.trunk(at(5012), tag));
    fanOut.add(Leg.unicast(at(1)));
    assertThat(opened).hasSize(3);
    batch.add(new byte[] {1});
    fanOut.send(batch, 0, false, byTrunk);
    fanOut.flush();
    assertThat(opened).extracting(port -> port.full).containsExactly(0L, 0L, 1L);
    fanOut.send(batch, 0, false, byUnicast);
    fanOut.send(batch, 0, true, null);
    fanOut.flush();
    assertThat(opened).extracting(port -> port.full).containsExactly(1L, 1L, 2L);
    fanOut.sendBeyondTrunks(new byte[] {1});
    assertThat(opened).extracting(port -> port.full).containsExactly(1L, 1L, 3L);
  }

  @Test
  void aUnicastLegWhoseListeningSocketGoesMovesToAnotherAndTheRestStays() throws Exception {
    LossyPort first = new LossyPort();
    LossyPort second = new LossyPort();
    LegCounters one = counters.leg(Leg.unicast(at(5)), LegCounters.Direction.IN);
    LegCounters two = counters.leg(Leg.unicast(at(6)), LegCounters.Direction.IN);
    fanOut.listensOn(one, first);
    fanOut.listensOn(two, second);
    fanOut.add(Leg.unicast(at(1)));

    PreparedLegs prepared = new PreparedLegs();
    fanOut.plan(List.of(Leg.unicast(at(1)), Leg.unicast(at(2))), List.of(second), prepared);
    assertThat(prepared.addedRelays()).containsExactly(Leg.unicast(at(2)));
    fanOut.sendTo(Leg.unicast(at(1)), new byte[] {1});
    assertThat(first.full).as("nothing has changed by the plan").isEqualTo(1);
    fanOut.listensOn(List.of(two), List.of(second), prepared.relay);
    fanOut.apply(prepared.relay);
    fanOut.send(new byte[] {1});
    assertThat(first.full).isEqualTo(1);
    assertThat(second.full).isEqualTo(1);
    assertThat(second.sent).as("the second of two").hasSize(1);
    assertThat(counters.dropped(DropReason.SEND_FULL)).as("of both sockets").isEqualTo(2);
    assertThat(opened).isEmpty();
  }

  @Test
  void aPlanThatIsGivenUpLeavesNothingOpen() throws Exception {
    PreparedLegs prepared = new PreparedLegs();
    Leg island = Leg.multicast(new InetSocketAddress(group(), 5004), "lo", 1);
    fanOut.plan(List.of(Leg.unicast(at(1)), Leg.unicast(at(2)), island), List.of(), prepared);
    assertThat(opened).as("one for unicast, one for the island").hasSize(2);
    prepared.close();
    assertThat(opened).allMatch(port -> port.closed);
    assertThat(fanOut.legs()).isEmpty();
    assertThat(counters.legs()).isEmpty();
  }

  private static InetAddress group() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {(byte) 239, 77, 3, 1});
  }
}
