package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.srtp.PacketBatch;

/// A kernel that takes only so much: the rest is dropped, counted, and lets go of the batch.
class SendQueueTest {
  private static final InetSocketAddress TO =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

  /// Takes one octet's worth of each of the first packets, then says "full".
  private static final class NarrowChannel extends EmbeddedChannel {
    private final List<ByteBuf> queued = new ArrayList<>();
    private int room;

    @Override
    protected void doWrite(ChannelOutboundBuffer queue) {
      while (queue.current() instanceof DatagramPacket packet && room > 0) {
        queued.add(packet.content());
        queue.remove();
        room--;
      }
      if (queue.current() instanceof DatagramPacket packet) {
        queued.add(packet.content());
      }
    }
  }

  /// RTCP may go to another port than that of the leg.
  @Test
  void aRefusalNamesWhatWasSentTo() {
    InetSocketAddress gone = new InetSocketAddress("127.0.0.7", 7);
    LegCounters leg = new GroupCounters().leg(Leg.unicast(TO), LegCounters.Direction.OUT);
    var _ =
        Destination.of(gone, leg)
            .promise(new EmbeddedChannel(), new SendLosses())
            .tryFailure(new IOException("strange"));
    assertThat(leg.fault()).isEqualTo("sending to 127.0.0.7 fails: strange");
  }

  @Test
  void dropsAndCountsWhatTheKernelDoesNotTake() {
    NarrowChannel channel = new NarrowChannel();
    channel.room = 3;
    NettyPort port = new NettyPort(channel, new NettyTransport.LoopMemory());
    PacketBatch batch = PacketBatch.allocate(2, 64);
    batch.add(new byte[] {1});
    batch.add(new byte[] {2});
    for (int i = 0; i < 4; i++) {
      port.send(batch, 0, TO);
      port.send(batch, 1, TO);
    }
    port.send(ByteBuffer.wrap(new byte[] {3}), TO);
    port.flush();
    assertThat(port.sendsFull()).isEqualTo(6);
    assertThat(channel.unsafe().outboundBuffer().isEmpty()).isTrue();
    assertThat(channel.queued).allSatisfy(view -> assertThat(view.refCnt()).isEqualTo(1));

    channel.room = 9;
    port.send(batch, 1, TO);
    port.flush();
    assertThat(port.sendsFull()).isEqualTo(6);
  }
}
