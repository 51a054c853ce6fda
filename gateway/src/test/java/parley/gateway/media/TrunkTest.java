package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import parley.keys.FreePort;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngines;
import parley.srtp.PacketBatch;

/// A trunk from one transport to another: each group hears its own packets in their order, whatever
/// else comes by the same socket, on either path.
@ParameterizedClass
@ValueSource(strings = {"batch", "netty"})
class TrunkTest {
  private static final int GROUPS = 4;
  private static final int ROUNDS = 50;

  private final String name;
  private final NettyTransport near;
  private final NettyTransport far;
  private final EventLoop nearLoop;
  private final EventLoop farLoop;
  private final GroupCounters counters = new GroupCounters();
  private final TestReceiver stranger = TestReceiver.unicast();
  private InetSocketAddress at = new InetSocketAddress(0);

  TrunkTest(String name) {
    this.name = name;
    near = NettyTransport.select(name, 1);
    far = NettyTransport.select(name, 1);
    nearLoop = near.nextLoop();
    farLoop = far.nextLoop();
  }

  @BeforeEach
  void choosePort() throws Exception {
    at = FreePort.udpAddress();
  }

  @AfterEach
  void close() {
    near.close();
    far.close();
    stranger.close();
  }

  private static GroupTag tag(int group) {
    return GroupTag.of(new Identity("sip:group" + group + "@example.org"));
  }

  private Leg leg(int group) {
    return Leg.trunk(at, tag(group));
  }

  private Destination to(int group) {
    return Destination.of(
        at, counters.leg(leg(group).named("group " + group), LegCounters.Direction.OUT));
  }

  /// What one group hears, and how it was handed over.
  private static final class Ear implements BatchReader {
    private final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
    private final List<Integer> batches = new ArrayList<>();
    private final List<InetSocketAddress> sources = new ArrayList<>();

    @Override
    public void read(MediaPort port, ReceivedBatch batch) {
      assertThat(port.isTrunk()).isTrue();
      batches.add(batch.packets().size());
      for (int slot = 0; slot < batch.packets().size(); slot++) {
        assertThat(batch.receivedUnixNanos(slot)).isPositive();
        sources.add(batch.source(slot));
        heard.add(batch.packets().octets(slot));
      }
    }
  }

  private static <T> T on(EventLoop loop, Callable<T> work) throws Exception {
    return loop.submit(work).get(10, TimeUnit.SECONDS);
  }

  private MediaPort listen(int group, BatchReader ear) throws Exception {
    MediaPort port = far.bind(leg(group), farLoop);
    on(
        farLoop,
        () -> {
          port.start(ear);
          return port;
        });
    return port;
  }

  private static byte[] packet(int group, int number, int octets) {
    return ByteBuffer.allocate(octets).put((byte) 0x80).putInt(group).putInt(number).array();
  }

  private static void send(MediaPort port, byte[] packet, Destination to) {
    PacketBatch batch = PacketBatch.allocate(1, 2048);
    batch.add(packet);
    port.send(batch, 0, to);
    port.flush();
  }

  private TrunkCounters counters(NettyTransport of) {
    assertThat(of.trunks()).hasSize(1);
    return of.trunks().getFirst();
  }

  @Test
  void eachGroupHearsItsOwnInOrder() throws Exception {
    List<Ear> ears = new ArrayList<>();
    List<MediaPort> mouths = new ArrayList<>();
    List<Destination> peers = new ArrayList<>();
    for (int group = 0; group < GROUPS; group++) {
      ears.add(new Ear());
      listen(group, ears.getLast());
      mouths.add(near.sender(leg(group), nearLoop));
      peers.add(to(group));
    }
    on(
        nearLoop,
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            for (int group = 0; group < GROUPS; group++) {
              send(mouths.get(group), packet(group, round, 180), peers.get(group));
            }
          }
          mouths.getFirst().send(ByteBuffer.wrap(new byte[] {1, 0}), peers.getFirst());
          mouths.getFirst().flush();
          return mouths;
        });
    for (int group = 0; group < GROUPS; group++) {
      for (int round = 0; round < ROUNDS; round++) {
        assertThat(MediaLab.next(ears.get(group).heard)).isEqualTo(packet(group, round, 180));
      }
    }
    assertThat(MediaLab.next(ears.getFirst().heard)).containsExactly(1, 0);
    int frames = GROUPS * ROUNDS + 1;
    assertThat(counters(near).frames()).isEqualTo(frames);
    assertThat(counters(far).frames()).isEqualTo(frames);
    assertThat(ears.getFirst().sources).doesNotContainNull().allMatch(one -> one.getPort() > 0);
    if (name.equals("batch")) {
      assertThat(counters(near).messages()).as("runs of 64").isEqualTo(4);
      assertThat(counters(far).messages()).isLessThanOrEqualTo(4);
      assertThat(ears.get(1).batches).as("those of one read in one batch").hasSizeLessThan(5);
    } else {
      assertThat(counters(near).messages()).isEqualTo(frames);
    }
    assertThat(counters.dropped(DropReason.SEND_FAILED)).isZero();
  }

  @Test
  void whatNoGroupClaimsIsDroppedByNameAndTheRestGoesOn() throws Exception {
    Ear ear = new Ear();
    listen(0, ear);
    byte[] good = ByteBuffer.allocate(10).putLong(tag(0).octets()).put((byte) 7).array();
    for (int cut = 0; cut < GroupTag.OCTETS; cut++) {
      stranger.send(Arrays.copyOf(good, cut), at);
    }
    stranger.send(ByteBuffer.allocate(10).putLong(tag(1).octets()).array(), at);
    stranger.send(ByteBuffer.allocate(10).putLong(tag(0).octets() ^ (1L << 56)).array(), at);
    stranger.send(Arrays.copyOf(good, GroupTag.OCTETS), at);
    stranger.send(ByteBuffer.allocate(3000).putLong(tag(0).octets()).array(), at);
    stranger.send(good, at);
    assertThat(MediaLab.next(ear.heard)).as("a tag alone").isEmpty();
    assertThat(MediaLab.next(ear.heard)).as("too long").hasSize(ReceivedBatch.SLOT_OCTETS);
    assertThat(MediaLab.next(ear.heard)).containsExactly(7, 0);
    assertThat(ear.sources).containsOnly(stranger.address());
    TrunkCounters in = counters(far);
    assertThat(in.dropped(TrunkDrop.TOO_SHORT)).isEqualTo(GroupTag.OCTETS);
    assertThat(in.dropped(TrunkDrop.UNKNOWN_TAG)).isEqualTo(1);
    assertThat(in.dropped(TrunkDrop.WRONG_VERSION)).isEqualTo(1);
    assertThat(in.frames()).isEqualTo(GroupTag.OCTETS + 5);
  }

  @Test
  void groupsComeAndGoAndTheOthersLoseNothing() throws Exception {
    Ear stays = new Ear();
    Ear comes = new Ear();
    MediaPort staying = listen(0, stays);
    MediaPort mouth = near.sender(leg(0), nearLoop);
    MediaPort other = near.sender(leg(1), nearLoop);
    Destination first = to(0);
    Destination second = to(1);
    AtomicLong sent = new AtomicLong();
    Callable<Long> say =
        () -> {
          for (int i = 0; i < 20; i++) {
            send(mouth, packet(0, (int) sent.getAndIncrement(), 100), first);
          }
          return sent.get();
        };
    on(nearLoop, say);
    MediaPort coming = listen(1, comes);
    on(nearLoop, say);
    on(
        nearLoop,
        () -> {
          send(other, packet(1, 0, 100), second);
          return other;
        });
    assertThat(MediaLab.next(comes.heard)).isEqualTo(packet(1, 0, 100));
    on(
        farLoop,
        () -> {
          coming.close();
          coming.close();
          return coming;
        });
    on(nearLoop, say);
    for (int i = 0; i < 60; i++) {
      assertThat(MediaLab.next(stays.heard)).isEqualTo(packet(0, i, 100));
    }
    on(
        farLoop,
        () -> {
          staying.close();
          return staying;
        });
    NetworkBench.await(
        "the port is free",
        () -> {
          try (DatagramSocket again = new DatagramSocket(at)) {
            return again.isBound();
          } catch (BindException _) {
            return false;
          }
        });
  }

  @Test
  void aFaultOfOneGroupIsNotThatOfAnother() throws Exception {
    Ear ear = new Ear();
    listen(
        0,
        (_, _) -> {
          throw new IllegalStateException("a fault, as this test wants it");
        });
    listen(1, ear);
    MediaPort one = near.sender(leg(0), nearLoop);
    MediaPort two = near.sender(leg(1), nearLoop);
    Destination first = to(0);
    Destination second = to(1);
    on(
        nearLoop,
        () -> {
          send(one, packet(0, 0, 100), first);
          send(two, packet(1, 0, 100), second);
          return one;
        });
    assertThat(MediaLab.next(ear.heard)).isEqualTo(packet(1, 0, 100));
  }

  @Test
  void nothingIsSaidWhereATrunkIsHeard() throws Exception {
    MediaPort port = listen(0, new Ear());
    on(
        farLoop,
        () -> {
          port.send(ByteBuffer.wrap(new byte[] {1}), stranger.address());
          port.flush();
          return port;
        });
    assertThat(port.sendsFailed()).isEqualTo(1);
    assertThat(port.local()).isEqualTo(at);
  }

  @Test
  void nobodyJoinsByATrunkAndUnicastDoesNotLeaveByOne() {
    try (MediaLab lab = new MediaLab(name, CipherEngines.jce())) {
      Leg receiver = Leg.unicast(stranger.address());
      GroupMedia group =
          lab.group(List.of(leg(0), MediaLab.loopback()), List.of(receiver), MediaTap.none());
      List<MediaPort> ports = lab.on(group::listening);
      assertThat(lab.on(() -> group.hearsUnicastOn(ports.getFirst()))).isFalse();
      assertThat(lab.on(() -> group.hearsUnicastOn(ports.getLast()))).isTrue();
      lab.run(() -> group.relay(new byte[] {1, 0}));
      stranger.expect(new byte[] {1, 0});
    }
  }

  @Test
  void aPeerThatIsGoneIsToldToTheGroupsThatSpoke() throws Exception {
    MediaPort mouth = near.sender(leg(0), nearLoop);
    MediaPort silent = near.sender(leg(1), nearLoop);
    Destination speaks = to(0);
    Destination isSilent = to(1);
    on(
        nearLoop,
        () -> {
          send(mouth, packet(0, 0, 100), speaks);
          return silent;
        });
    LegCounters one = Objects.requireNonNull(speaks.leg());
    if (name.equals("netty")) {
      assertThat(one.fault()).as("ICMP errors are not heard there").isNull();
      return;
    }
    NetworkBench.await("it came back", () -> one.fault() != null);
    assertThat(one.dropped(DropReason.SEND_BOUNCED)).isPositive();
    assertThat(Objects.requireNonNull(isSilent.leg()).fault()).isNull();
  }

  @Test
  void allocatesNothingForAPacket() throws Exception {
    if (name.equals("netty")) {
      return; // it allocates its datagrams
    }
    AtomicLong heard = new AtomicLong();
    for (int group = 0; group < GROUPS; group++) {
      listen(group, (_, batch) -> heard.addAndGet(batch.packets().size()));
    }
    List<MediaPort> mouths = new ArrayList<>();
    List<Destination> peers = new ArrayList<>();
    for (int group = 0; group < GROUPS; group++) {
      mouths.add(near.sender(leg(group), nearLoop));
      peers.add(to(group));
    }
    PacketBatch batch = PacketBatch.allocate(1, 256);
    batch.add(new byte[200]);
    Callable<Long> turn =
        () -> {
          for (int round = 0; round < 25; round++) {
            for (int group = 0; group < GROUPS; group++) {
              mouths.get(group).send(batch, 0, peers.get(group));
              mouths.get(group).flush();
            }
          }
          return 0L;
        };
    long octets = Long.MAX_VALUE;
    int turns = 1000;
    for (int attempt = 0; attempt < 20 && octets > 100L * turns; attempt++) {
      long before = on(nearLoop, TrunkTest::allocated) + on(farLoop, TrunkTest::allocated);
      for (int i = 0; i < turns; i++) {
        long until = heard.get() + 25L * GROUPS;
        on(nearLoop, turn);
        while (heard.get() < until) {
          Thread.onSpinWait();
        }
      }
      octets = on(nearLoop, TrunkTest::allocated) + on(farLoop, TrunkTest::allocated) - before;
    }
    assertThat(octets).as("less than one for a packet, task and all").isLessThan(100L * turns);
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
