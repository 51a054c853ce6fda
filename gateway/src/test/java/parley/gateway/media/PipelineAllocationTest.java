package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.mikey.identity.Identity;
import parley.srtp.PacketBatch;
import parley.srtp.RtpPacket;

/// Our own part of a packet's way allocates nothing, forwarded or re-keyed or refused.
class PipelineAllocationTest {
  private static final InetSocketAddress SOURCE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000);
  private static final int SSRC = 0xa11ce;
  private static final int MKI = 77;
  private static final int RECEIVERS = 10;
  private static final int BATCHES = 4000;

  private final EventLoop loop = new DefaultEventLoop();
  private final DeafPort port = new DeafPort();

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /// Takes everything and does nothing with it.
  private static final class DeafPort implements MediaPort {
    private @Nullable BatchReader reader;
    private long sends;

    @Override
    public InetSocketAddress local() {
      return SOURCE;
    }

    @Override
    public void start(BatchReader newReader) {
      reader = newReader;
    }

    @Override
    public void send(PacketBatch batch, int slot, Destination to) {
      sends++;
    }

    @Override
    public void send(ByteBuffer octets, Destination to) {}

    @Override
    public void flush() {}

    @Override
    public long sendsFull() {
      return 0;
    }

    @Override
    public long sendsFailed() {
      return 0;
    }

    @Override
    public void close() {}

    void receive(ReceivedBatch batch) {
      if (reader != null) {
        reader.read(this, batch);
      }
    }
  }

  private record DeafTransport(EventLoop nextLoop, DeafPort port) implements MediaTransport {
    @Override
    public String name() {
      return "deaf";
    }

    @Override
    public MediaPort bind(Leg listen, EventLoop loop) {
      return port;
    }

    @Override
    public MediaPort sender(@Nullable Leg multicastOut, EventLoop loop) {
      return port;
    }

    @Override
    public void close() {}
  }

  @Test
  void allocatesNothingForAForwardedPacket() throws Exception {
    long octets =
        loop.submit(
                () -> {
                  GroupMedia group = group(port);
                  group.install(talker().burst(1));
                  return measure(MKI);
                })
            .get();
    assertThat(port.sends).isEqualTo(2L * BATCHES * ReceivedBatch.SLOTS * RECEIVERS);
    assertThat(octets).isLessThan(BATCHES);
  }

  @Test
  void allocatesNothingForARekeyedPacket() throws Exception {
    DeafPort other = new DeafPort();
    long octets =
        loop.submit(
                () -> {
                  GroupMedia group = group(port);
                  Burst in = talker().burst(1);
                  group.install(in);
                  TestTalker out = new TestTalker(NO_CIPHER, TestTalker.CM, 5, 6);
                  group.rekey(
                      in,
                      group(other),
                      out.burst(2),
                      List.of(new RekeyedStream(SSRC, 5, out.session(), 9)));
                  return measure(MKI);
                })
            .get();
    assertThat(other.sends).isEqualTo(2L * BATCHES * ReceivedBatch.SLOTS * RECEIVERS);
    assertThat(octets).isLessThan(BATCHES);
  }

  @Test
  void allocatesNothingForAFloodUnderTheWrongKey() throws Exception {
    long octets =
        loop.submit(
                () -> {
                  GroupMedia group = group(port);
                  group.install(talker().burst(1));
                  return measure(MKI + 1);
                })
            .get();
    assertThat(port.sends).isZero();
    assertThat(octets).isLessThan(BATCHES);
  }

  private static final NoCipher NO_CIPHER = new NoCipher();

  private static TestTalker talker() {
    return new TestTalker(NO_CIPHER, TestTalker.GCM, SSRC, MKI);
  }

  private GroupMedia group(DeafPort through) throws PortUnavailable {
    Leg[] relay = new Leg[RECEIVERS];
    for (int i = 0; i < RECEIVERS; i++) {
      relay[i] = Leg.unicast(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000 + i));
    }
    GroupMedia group =
        new GroupMedia(
            new GroupMediaSettings(
                new Identity("sip:fire-ops@example.org"),
                List.of(MediaLab.loopback()),
                List.of(relay),
                MediaLimits.defaults()),
            new DeafTransport(loop, through),
            loop,
            NO_CIPHER,
            MediaTap.none(),
            new GroupCounters(),
            new SettableClock());
    group.open((_, _, _, _, _) -> {}, new Unconcerned());
    return group;
  }

  private static final class Unconcerned implements MediaEvents {
    @Override
    public void bye(Burst burst) {}

    @Override
    public void unknownStream(int ssrc, int mki, InetSocketAddress source) {}

    @Override
    public void ivReuse(Burst burst, int ssrc) {}

    @Override
    public void firstPacket(Burst burst) {}
  }

  /// Octets that this thread allocates for the second half of the batches.
  private long measure(int mki) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ReceivedBatch batch = batch(mki);
    int seq = 0;
    for (int i = 0; i < BATCHES; i++, seq += ReceivedBatch.SLOTS) {
      number(batch, seq);
      port.receive(batch);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < BATCHES; i++, seq += ReceivedBatch.SLOTS) {
      number(batch, seq);
      port.receive(batch);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static ReceivedBatch batch(int mki) {
    ReceivedBatch batch = new ReceivedBatch();
    for (int slot = 0; slot < ReceivedBatch.SLOTS; slot++) {
      batch.add(192, SOURCE);
      PacketBatch packets = batch.packets();
      RtpPacket.writeHeader(packets.memory(), packets.offset(slot), false, 96, 0, 0, SSRC);
      packets.buffer().putInt(packets.offset(slot) + 188, mki);
    }
    return batch;
  }

  private static void number(ReceivedBatch batch, int firstSeq) {
    PacketBatch packets = batch.packets();
    for (int slot = 0; slot < ReceivedBatch.SLOTS; slot++) {
      RtpPacket.seq(packets.memory(), packets.offset(slot), firstSeq + slot);
    }
  }
}
