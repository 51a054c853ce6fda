package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import parley.gateway.media.Burst;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.GroupMedia;
import parley.gateway.media.GroupMediaSettings;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaEvents;
import parley.gateway.media.MediaLimits;
import parley.gateway.media.NettyTransport;

/// A [TestTalk] that comes in by UDP through a real media plane, which relays it to a socket here
/// and records it: what shows that relaying goes on.
final class RelayedTalk implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final TestTalk talk;
  private final NettyTransport transport = NettyTransport.select("auto", 1);
  private final DatagramSocket receiver;
  private final GroupMedia group;
  private final InetSocketAddress gateway;
  private int sent;
  private boolean ended;

  RelayedTalk(TestTalk talk, Recorder recorder) throws Exception {
    this.talk = talk;
    receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    receiver.setSoTimeout(PATIENCE_MILLIS);
    var to = Leg.unicast((InetSocketAddress) receiver.getLocalSocketAddress());
    var from = Leg.unicast(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    group =
        new GroupMedia(
            new GroupMediaSettings(
                TestTalk.GROUP, List.of(from), List.of(to), MediaLimits.defaults()),
            transport,
            transport.nextLoop(),
            TestTalk.ENGINE,
            recorder,
            new GroupCounters(),
            TestTalk.CLOCK);
    onLoop(() -> {
      group.open((_, _, _, _, _) -> {}, new Unheard());
      group.install(talk.burst);
      return group;
    });
    gateway = onLoop(() -> group.addresses().getFirst());
  }

  /// How many packets were sent and relayed so far.
  int sent() {
    return sent;
  }

  /// Sends so many packets one by one, each as soon as the one before was relayed, and returns how
  /// long the slowest took, in milliseconds.
  long speak(int packets) throws Exception {
    long slowest = 0;
    for (int i = 0; i < packets; i++, sent++) {
      long begin = System.nanoTime();
      byte[] octets =
          talk.rtp(0, sent, 0, sent * 160, TestTalk.payload(sent, 160), TestTalk.nanos(0)).octets();
      receiver.send(new DatagramPacket(octets, octets.length, gateway));
      var relayed = new DatagramPacket(new byte[2048], 2048);
      receiver.receive(relayed);
      assertThat(relayed.getLength()).isEqualTo(octets.length);
      slowest = Math.max(slowest, System.nanoTime() - begin);
    }
    return TimeUnit.NANOSECONDS.toMillis(slowest);
  }

  void end() throws Exception {
    ended = true;
    onLoop(() -> {
      group.retire(talk.burst, BurstEnd.BYE);
      return group;
    });
  }

  @Override
  public void close() {
    try {
      if (!ended) {
        end();
      }
      onLoop(() -> {
        group.close();
        return group;
      });
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    transport.close();
    receiver.close();
  }

  private <T> T onLoop(Callable<T> work) throws Exception {
    return group.loop().submit(work).get(30, TimeUnit.SECONDS);
  }

  private static final class Unheard implements MediaEvents {
    @Override
    public void bye(Burst burst) {}

    @Override
    public void unknownStream(int ssrc, int mki, InetSocketAddress source) {}

    @Override
    public void ivReuse(Burst burst, int ssrc) {}

    @Override
    public void firstPacket(Burst burst) {}
  }
}
