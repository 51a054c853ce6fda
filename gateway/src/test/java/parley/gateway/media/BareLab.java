package parley.gateway.media;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.srtp.PacketBatch;
import parley.srtp.RtpPacket;

/// Groups without sockets and ciphers: batches are handed in, and what goes out is counted.
final class BareLab implements AutoCloseable {
  static final int SSRC = 0xa11ce;
  static final int MKI = 77;
  static final NoCipher NO_CIPHER = new NoCipher();
  private static final InetSocketAddress SOURCE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000);

  final EventLoop loop = new DefaultEventLoop();

  /// Takes everything and does nothing with it but count.
  static final class CountingPort implements MediaPort {
    private @Nullable BatchReader reader;
    private long queued;
    private long sent;

    /// Still to be flushed.
    long queued() {
      return queued;
    }

    /// Flushed.
    long sent() {
      return sent;
    }

    void receive(ReceivedBatch batch) {
      if (reader != null) {
        reader.read(this, batch);
      }
    }

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
  }

  private record OnePort(EventLoop nextLoop, CountingPort port) implements MediaTransport {
    @Override
    public String name() {
      return "bare";
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

  static final class Unconcerned implements MediaEvents {
    @Override
    public void bye(Burst burst) {}

    @Override
    public void unknownStream(int ssrc, int mki, InetSocketAddress source) {}

    @Override
    public void ivReuse(Burst burst, int ssrc) {}

    @Override
    public void firstPacket(Burst burst) {}
  }

  /// An open group that receives and sends by this port; call it on the loop.
  GroupMedia group(CountingPort through, int receivers, MediaTap tap) throws PortUnavailable {
    return group(through, receivers, tap, (_, _, _, _, _) -> {}, new Unconcerned());
  }

  /// The same, whose MIKEY and events go there.
  GroupMedia group(
      CountingPort through, int receivers, MediaTap tap, MikeySink sink, MediaEvents events)
      throws PortUnavailable {
    List<Leg> relay =
        IntStream.range(0, receivers)
            .mapToObj(i -> Leg.unicast(new InetSocketAddress(SOURCE.getAddress(), 5000 + i)))
            .toList();
    GroupMedia group =
        new GroupMedia(
            new GroupMediaSettings(
                new Identity("sip:fire-ops@example.org"),
                List.of(MediaLab.loopback()),
                relay,
                MediaLimits.defaults()),
            new OnePort(loop, through),
            loop,
            NO_CIPHER,
            tap,
            new GroupCounters(),
            new SettableClock());
    group.open(sink, events);
    return group;
  }

  static TestTalker talker() {
    return new TestTalker(NO_CIPHER, TestTalker.GCM, SSRC, MKI);
  }

  /// Packets of the talker's stream under this MKI, numbered from 0.
  static ReceivedBatch packets(int count, int mki) {
    ReceivedBatch batch = new ReceivedBatch();
    for (int slot = 0; slot < count; slot++) {
      batch.add(192, SOURCE);
      PacketBatch packets = batch.packets();
      RtpPacket.writeHeader(packets.memory(), packets.offset(slot), false, 96, slot, 0, SSRC);
      packets.buffer().putInt(packets.offset(slot) + 188, mki);
    }
    return batch;
  }

  /// Numbers them anew.
  static void number(ReceivedBatch batch, int firstSeq) {
    PacketBatch packets = batch.packets();
    for (int slot = 0; slot < packets.size(); slot++) {
      RtpPacket.seq(packets.memory(), packets.offset(slot), firstSeq + slot);
    }
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
