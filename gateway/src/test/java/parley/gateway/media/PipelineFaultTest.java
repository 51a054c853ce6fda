package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
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

/// A fault in one step of the pipeline leaves nothing queued: what is queued points into memory
/// that the next batch overwrites, perhaps with packets of another group.
class PipelineFaultTest {
  private static final InetSocketAddress SOURCE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000);
  private static final NoCipher NO_CIPHER = new NoCipher();
  private static final int SSRC = 0xa11ce;
  private static final int MKI = 77;

  private final EventLoop loop = new DefaultEventLoop();
  private final QueueingPort in = new QueueingPort();
  private final QueueingPort out = new QueueingPort();

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static final class QueueingPort implements MediaPort {
    private @Nullable BatchReader reader;
    private int queued;
    private int sent;

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
      queued++;
    }

    @Override
    public void send(ByteBuffer octets, Destination to) {}

    @Override
    public void flush() {
      sent += queued;
      queued = 0;
    }

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

  private record QueueingTransport(EventLoop nextLoop, QueueingPort port)
      implements MediaTransport {
    @Override
    public String name() {
      return "queueing";
    }

    @Override
    public MediaPort bind(Leg listen, EventLoop loop) {
      return port;
    }

    @Override
    public MediaPort sender(@Nullable Leg out, EventLoop loop) {
      return port;
    }

    @Override
    public void close() {}
  }

  private static final class FaultyTap implements MediaTap {
    private boolean works;

    @Override
    public void burstStarted(Burst burst) {}

    @Override
    public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {}

    @Override
    public void packet(
        Burst burst,
        Stream stream,
        PacketBatch sealed,
        PacketBatch plain,
        int slot,
        long receivedUnixNanos) {
      if (!works) {
        throw new IllegalStateException("a fault, as this test wants it");
      }
    }

    @Override
    public void rtcp(
        Burst burst,
        Stream stream,
        PacketBatch sealed,
        PacketBatch plain,
        int slot,
        long receivedUnixNanos) {}

    @Override
    public void burstEnded(Burst burst, BurstEnd why) {}
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

  private GroupMedia group(QueueingPort port, MediaTap tap) throws PortUnavailable {
    GroupMedia group =
        new GroupMedia(
            new GroupMediaSettings(
                new Identity("sip:fire-ops@example.org"),
                List.of(MediaLab.loopback()),
                List.of(Leg.unicast(new InetSocketAddress(SOURCE.getAddress(), 5000))),
                MediaLimits.defaults()),
            new QueueingTransport(loop, port),
            loop,
            NO_CIPHER,
            tap,
            new GroupCounters(),
            new SettableClock());
    group.open((_, _, _, _, _) -> {}, new Unconcerned());
    return group;
  }

  private static ReceivedBatch packets(int seq) {
    ReceivedBatch batch = new ReceivedBatch();
    for (int slot = 0; slot < 2; slot++) {
      batch.add(192, SOURCE);
      PacketBatch packets = batch.packets();
      RtpPacket.writeHeader(packets.memory(), packets.offset(slot), false, 96, seq + slot, 0, SSRC);
      packets.buffer().putInt(packets.offset(slot) + 188, MKI);
    }
    return batch;
  }

  private static TestTalker talker() {
    return new TestTalker(NO_CIPHER, TestTalker.GCM, SSRC, MKI);
  }

  @Test
  void aFaultyTapLeavesNothingQueued() throws Exception {
    loop.submit(
            () -> {
              group(in, new FaultyTap()).install(talker().burst(1));
              assertThatThrownBy(() -> in.receive(packets(0))).hasMessageContaining("a fault");
              return in;
            })
        .get();
    assertThat(in.queued).isZero();
    assertThat(in.sent).isEqualTo(2);
  }

  @Test
  void aFaultyTapOfTheDestinationLeavesNothingQueuedThere() throws Exception {
    FaultyTap tap = new FaultyTap();
    loop.submit(
            () -> {
              GroupMedia source = group(in, MediaTap.none());
              Burst burst = talker().burst(1);
              source.install(burst);
              TestTalker rekeyed = new TestTalker(NO_CIPHER, TestTalker.CM, 5, 6);
              source.rekey(
                  burst,
                  group(out, tap),
                  rekeyed.burst(2),
                  List.of(new RekeyedStream(SSRC, 5, rekeyed.session(), 9)));
              assertThatThrownBy(() -> in.receive(packets(0))).hasMessageContaining("a fault");
              assertThat(out.queued).isZero();
              tap.works = true;
              int before = out.sent;
              in.receive(packets(2));
              assertThat(out.sent).as("only what is new").isEqualTo(before + 2);
              return in;
            })
        .get();
    assertThat(out.queued).isZero();
  }
}
