package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.srtp.PacketBatch;

/// What the batch path promises beyond what every path does: nothing allocated, bounded drains, a
/// tick that comes and goes, and what the kernel drops or sends back counted.
class BatchPortTest {
  private static final int MANY = 1000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final IoEvent EVENT = new IoEvent() {};
  private static final IoRegistration UNUSED = new Unregistered();

  private final NettyTransport transport = NettyTransport.select("batch", 1, Duration.ofMillis(1));
  private final EventLoop loop = transport.nextLoop();
  private final TestReceiver peer = TestReceiver.unicast();

  /// Of a handle that is called by hand.
  private static final class Unregistered implements IoRegistration {
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as Netty has it
    public <T> T attachment() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long submit(IoOps ops) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isValid() {
      return false;
    }

    @Override
    public boolean cancel() {
      return false;
    }
  }

  @AfterEach
  void close() {
    transport.close();
    peer.close();
  }

  private BatchPort bind() throws PortUnavailable {
    return (BatchPort) transport.bind(MediaLab.loopback(), loop);
  }

  private <T> T on(Callable<T> work) throws Exception {
    return loop.submit(work).get(10, TimeUnit.SECONDS);
  }

  private void start(MediaPort port, BatchReader reader) throws Exception {
    on(() -> {
      port.start(reader);
      return port;
    });
  }

  private static void await(String what, Callable<Boolean> reached) throws Exception {
    NetworkBench.await(what, reached);
  }

  @Test
  void allocatesNothingForAPacket() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    List<Destination> receivers = new ArrayList<>();
    GroupCounters counters = new GroupCounters();
    for (int i = 0; i < 3; i++) {
      Leg leg = Leg.unicast(peer.address());
      receivers.add(Destination.of(peer.address(), counters.leg(leg, LegCounters.Direction.OUT)));
    }
    BatchPort port = bind();
    start(
        port,
        new BatchReader() {
          @Override
          public void read(MediaPort from, ReceivedBatch batch) {
            PacketBatch packets = batch.packets();
            for (int slot = 0; slot < packets.size(); slot++) {
              for (int i = 0; i < receivers.size(); i++) {
                from.send(packets, slot, receivers.get(i));
              }
            }
            from.flush();
            heard.addAndGet(packets.size());
          }

          @Override
          public boolean isLowLatency() {
            return true;
          }
        });
    long octets = Long.MAX_VALUE;
    for (int round = 0; round < 40 && octets > MANY; round++) {
      long before = on(BatchPortTest::allocated);
      for (int i = 0; i < 4 * MANY; i++) {
        int until = heard.get() + 5;
        for (int packet = 0; packet < 5; packet++) {
          peer.send(new byte[] {1, 2, 3}, port.local());
        }
        while (heard.get() < until) {
          Thread.onSpinWait();
        }
      }
      octets = on(BatchPortTest::allocated) - before;
    }
    assertThat(octets).as("for 20,000 packets, with what the measurement costs").isLessThan(MANY);
  }

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  @Test
  void givesTheLoopItsTurnAfterSoManyDatagramsOut() throws Exception {
    BatchPort port = bind();
    for (int i = 0; i < 200; i++) {
      peer.send(new byte[] {1}, port.local());
    }
    List<Integer> sizes = new ArrayList<>();
    BlockingQueue<Integer> readsBeforeTask = new LinkedBlockingQueue<>();
    start(
        port,
        new BatchReader() {
          @Override
          public void read(MediaPort from, ReceivedBatch batch) {
            if (sizes.isEmpty()) {
              loop.execute(() -> readsBeforeTask.add(sizes.size()));
            }
            sizes.add(batch.packets().size());
          }

          @Override
          public int outputsPerPacket() {
            return BatchLoop.OUTPUTS_PER_TURN / 2;
          }
        });
    await("all are read", () -> on(() -> sizes.stream().mapToInt(i -> i).sum() == 200));
    assertThat(sizes).allMatch(size -> size <= 2);
    assertThat(MediaLab.next(readsBeforeTask)).isLessThanOrEqualTo(2);
  }

  @Test
  void aBusyPortDoesNotKeepAnotherWaiting() throws Exception {
    BatchPort busy = bind();
    BatchPort quiet = bind();
    for (int i = 0; i < 300; i++) {
      peer.send(new byte[] {1}, busy.local());
    }
    peer.send(new byte[] {2}, quiet.local());
    List<String> order = new ArrayList<>();
    BatchReader costly =
        new BatchReader() {
          @Override
          public void read(MediaPort from, ReceivedBatch batch) {
            order.add(from.equals(busy) ? "busy" : "quiet");
          }

          @Override
          public int outputsPerPacket() {
            return BatchLoop.OUTPUTS_PER_TURN;
          }
        };
    on(() -> {
      busy.start(costly);
      quiet.start(costly);
      return order;
    });
    await("all are read", () -> on(() -> order.size() == 301));
    assertThat(order.indexOf("quiet")).isLessThan(4);
  }

  @Test
  void countsWhatTheKernelDroppedForWantOfRoom() throws Exception {
    BatchPort port = bind();
    AtomicLong heard = new AtomicLong();
    AtomicLong overflowed = new AtomicLong();
    byte[] octets = new byte[1400];
    long sent = 0;
    for (; sent < 12_000; sent++) {
      peer.send(octets, port.local());
    }
    start(
        port,
        (_, batch) -> {
          heard.addAndGet(batch.packets().size());
          overflowed.addAndGet(batch.overflowed());
        });
    for (; overflowed.get() == 0 && sent < 13_000; sent++) {
      long known = heard.get();
      peer.send(octets, port.local());
      await("it is heard", () -> heard.get() > known);
    }
    long all = sent;
    await("each is heard or counted", () -> heard.get() + overflowed.get() == all);
    assertThat(overflowed.get()).isPositive();
  }

  /// Linux begins to stamp in the background once somebody asks (net_enable_timestamp), and tells
  /// the time of reading for what came before that.
  @Test
  void tellsWhenTheKernelReceivedAPacketAndWhoSentIt() throws Exception {
    BatchPort port = bind();
    BlockingQueue<Long> times = new LinkedBlockingQueue<>();
    BlockingQueue<InetSocketAddress> sources = new LinkedBlockingQueue<>();
    start(
        port,
        (_, batch) -> {
          for (int slot = 0; slot < batch.packets().size(); slot++) {
            times.add(batch.receivedUnixNanos(slot));
            sources.add(batch.source(slot));
          }
        });
    await(
        "both were received when they were sent",
        () -> {
          long before = unixNanos();
          peer.send(new byte[] {1}, port.local());
          peer.send(new byte[] {2}, port.local());
          long sent = unixNanos();
          long first = MediaLab.next(times);
          long second = MediaLab.next(times);
          return before <= first && first <= second && second <= sent;
        });
    assertThat(sources).containsOnly(peer.address());
  }

  private static long unixNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  @Test
  void whatComesBackOfAReceiverThatIsGoneIsItsOwnLossAlone() throws Exception {
    GroupCounters counters = new GroupCounters();
    Leg wellLeg = Leg.unicast(peer.address());
    TestReceiver leaving = TestReceiver.unicast();
    Leg goneLeg = Leg.unicast(leaving.address());
    leaving.close();
    LegCounters well = counters.leg(wellLeg, LegCounters.Direction.OUT);
    LegCounters gone = counters.leg(goneLeg, LegCounters.Direction.OUT);
    for (MediaPort port : List.of(bind(), transport.sender(null, loop))) {
      on(() -> {
        Destination toGone = Destination.of(goneLeg.address(), gone);
        Destination toWell = Destination.of(wellLeg.address(), well);
        PacketBatch batch = PacketBatch.allocate(64, 64);
        for (byte i = 0; i < 64; i++) {
          batch.add(new byte[] {i});
          port.send(batch, i, toGone);
          port.send(batch, i, toWell);
        }
        port.flush();
        return port;
      });
      for (byte i = 0; i < 64; i++) {
        peer.expect(new byte[] {i});
      }
      await("it came back", () -> gone.fault() != null);
      assertThat(gone.dropped(DropReason.SEND_BOUNCED)).isPositive();
      assertThat(gone.fault())
          .isEqualTo(
              "what is sent to 127.0.0.1 port %d comes back: nobody listens there, or the way ends before it"
                  .formatted(goneLeg.address().getPort()));
      assertThat(well.fault()).isNull();
      assertThat(well.dropped(DropReason.SEND_BOUNCED)).isZero();
    }
    assertThat(counters.dropped(DropReason.SEND_FAILED)).isZero();
  }

  @Test
  void fastAndSmallWakeUpsGiveWayToTheTickAndComeBackInSilence() throws Exception {
    BatchPort hot = bind();
    BatchPort cool = bind();
    AtomicInteger heard = new AtomicInteger();
    BatchReader prompt =
        new BatchReader() {
          @Override
          public void read(MediaPort from, ReceivedBatch batch) {
            heard.addAndGet(batch.packets().size());
          }

          @Override
          public boolean isLowLatency() {
            return true;
          }
        };
    start(hot, (_, batch) -> heard.addAndGet(batch.packets().size()));
    start(cool, prompt);
    int sent = sendUntil(hot::isHot, List.of(hot, cool), heard);
    assertThat(on(cool::isHot)).as("one of low latency never waits").isFalse();
    peer.send(new byte[] {1}, hot.local());
    int all = sent + 1;
    await("the tick reads it", () -> heard.get() == all);
    await("silence wakes it", () -> !on(hot::isHot));
    peer.send(new byte[] {1}, hot.local());
    await("it is heard", () -> heard.get() == all + 1);
  }

  /// Sends to these ports in turn, each packet when the one before is heard.
  ///
  /// @return how many packets it took
  private int sendUntil(Callable<Boolean> reached, List<BatchPort> ports, AtomicInteger heard)
      throws Exception {
    int before = heard.get();
    int sent = 0;
    boolean isReached = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!isReached && System.nanoTime() < deadline) {
      for (int i = 0; i < 100; i++) {
        peer.send(new byte[] {1}, ports.get(i % ports.size()).local());
        sent++;
        while (heard.get() < before + sent) {
          Thread.onSpinWait();
        }
      }
      isReached = on(reached);
    }
    assertThat(isReached).isTrue();
    return sent;
  }

  @Test
  void manySlowPortsAreLeftToTheTickTogether() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    List<BatchPort> slow = new ArrayList<>();
    for (int i = 0; i < 70; i++) { // more than one look at the set tells
      BatchPort port = bind();
      start(port, (_, batch) -> heard.addAndGet(batch.packets().size()));
      slow.add(port);
    }
    int sent = sendUntil(() -> slow.stream().allMatch(BatchPort::isHot), slow, heard);
    for (BatchPort port : slow) {
      peer.send(new byte[] {1}, port.local());
    }
    int all = sent + slow.size();
    await("the tick reads each", () -> heard.get() == all);
  }

  @Test
  void aGroupThatAsksForLowLatencyLaterIsWokenFromItsNextPacketOn() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    AtomicBoolean isLowLatency = new AtomicBoolean();
    BatchPort port = bind();
    start(
        port,
        new BatchReader() {
          @Override
          public void read(MediaPort from, ReceivedBatch batch) {
            heard.addAndGet(batch.packets().size());
          }

          @Override
          public boolean isLowLatency() {
            return isLowLatency.get();
          }
        });
    for (boolean asks : new boolean[] {true, false, true}) {
      isLowLatency.set(asks);
      int before = heard.get();
      peer.send(new byte[] {1}, port.local());
      await("it is heard", () -> heard.get() == before + 1);
      await("it has moved", () -> on(() -> heatedAlone(port)) != asks);
      peer.send(new byte[] {1}, port.local());
      await("it is heard there", () -> heard.get() == before + 2);
    }
  }

  private static boolean heatedAlone(BatchPort port) {
    port.loop.tick().heat();
    return port.isHot();
  }

  /// Its one port sends itself a packet, so that each tick brings one.
  @Test
  void aTickAllocatesNothing() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    BatchPort port = bind();
    Leg itself = Leg.unicast(port.local());
    Destination back =
        Destination.of(port.local(), new GroupCounters().leg(itself, LegCounters.Direction.OUT));
    DrainTick tick = port.loop.tick();
    on(() -> {
      port.start((from, batch) -> {
        heard.addAndGet(batch.packets().size());
        from.send(batch.packets(), 0, back);
        from.flush();
      });
      tick.heat();
      assertThat(port.isHot()).isTrue();
      return port;
    });
    peer.send(new byte[] {1}, port.local());
    long octets = Long.MAX_VALUE;
    for (int round = 0; round < 40 && octets > MANY; round++) {
      octets = 0;
      for (int turn = 0; turn < MANY; turn++) {
        octets += on(() -> tenTicks(tick));
      }
    }
    assertThat(heard.get()).isGreaterThan(10 * MANY);
    assertThat(octets).as("for 10,000 ticks").isLessThan(MANY);
  }

  /// Fewer than a turn of the loop has room for.
  private static long tenTicks(DrainTick tick) {
    long before = allocated();
    for (int i = 0; i < 10; i++) {
      tick.handle(UNUSED, EVENT);
    }
    return allocated() - before;
  }

  @Test
  void anOverlongPacketFillsItsSlotAndTheNextIsWhole() throws Exception {
    BatchPort port = bind();
    BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
    start(
        port,
        (_, batch) -> {
          for (int slot = 0; slot < batch.packets().size(); slot++) {
            lengths.add(batch.packets().length(slot));
          }
        });
    peer.send(new byte[4000], port.local());
    peer.send(new byte[0], port.local());
    peer.send(new byte[1200], port.local());
    assertThat(MediaLab.next(lengths)).isEqualTo(ReceivedBatch.SLOT_OCTETS);
    assertThat(MediaLab.next(lengths)).isZero();
    assertThat(MediaLab.next(lengths)).isEqualTo(1200);
  }

  @Test
  void aFaultOfTheReaderLosesItsBatchAlone() throws Exception {
    BatchPort port = bind();
    BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
    start(
        port,
        (_, batch) -> {
          int first = batch.packets().octets(0)[0];
          if (first == 1) {
            throw new IllegalStateException("a fault, as this test wants it");
          }
          heard.add(first);
        });
    peer.send(new byte[] {1}, port.local());
    await("it is read", () -> on(() -> port.reader() != null));
    peer.send(new byte[] {2}, port.local());
    // the two may come together: then the second is lost with the first
    await(
        "others are heard",
        () -> {
          peer.send(new byte[] {3}, port.local());
          return heard.contains(3);
        });
  }

  @Test
  void closesWhatItOpenedFromWithinAReadAndFromOutside() throws Exception {
    bind().close();
    long before = descriptors();
    for (int i = 0; i < 50; i++) {
      BatchPort port = bind();
      AtomicInteger reads = new AtomicInteger();
      start(
          port,
          (from, _) -> {
            reads.incrementAndGet();
            from.close();
          });
      peer.send(new byte[] {1}, port.local());
      peer.send(new byte[] {2}, port.local());
      await("it is read", () -> reads.get() > 0);
      BatchPort other = bind();
      start(other, (_, _) -> {});
      other.close();
    }
    await("all are closed", () -> descriptors() <= before);
  }

  @Test
  void closesItsDescriptorsWithTheLoops() throws Exception {
    long before = descriptors();
    NettyTransport another = NettyTransport.select("batch", 1);
    for (int i = 0; i < 10; i++) {
      another.bind(MediaLab.loopback(), another.nextLoop()).start((_, _) -> {});
    }
    another.close();
    await("all are closed", () -> descriptors() <= before);
  }

  private static long descriptors() throws Exception {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void reachesIpv4ByASocketOfBothVersions() throws Exception {
    MediaPort any = transport.sender(null, loop);
    on(() -> {
      PacketBatch batch = PacketBatch.allocate(1, 64);
      batch.add(new byte[] {7});
      any.send(batch, 0, peer.address());
      any.send(
          batch,
          0,
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), peer.port()));
      any.flush();
      return any;
    });
    peer.expect(new byte[] {7}, new byte[] {7});
    assertThat(any.sendsFailed()).isZero();
  }
}
