package parley.gateway.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// The portable path: Netty's channel reads and writes.
///
/// Received octets are copied once, into the loop's batch. Sent octets are not copied: each queued
/// datagram holds a view of the sender's slot, which is why nothing may stay queued behind `flush`.
/// Our own part allocates nothing for a packet; Netty allocates its datagram objects.
sealed class NettyPort extends SocketPort permits NettyTrunk {
  private final List<BatchViews> views = new ArrayList<>();
  private @Nullable SendPromise bare;

  NettyPort(NettySocket socket, NettyTransport.LoopMemory memory) {
    super(socket, memory);
  }

  NettyPort(Channel channel, NettyTransport.LoopMemory memory) {
    super(channel, memory);
  }

  @Override
  ChannelHandler handler() {
    return new Handler();
  }

  @Override
  void take(Channel fresh) {
    bare = null;
  }

  @Override
  void letGo(Channel old) {}

  @Override
  void startReading(Channel open) {
    open.config().setAutoRead(true);
  }

  @Override
  void queue(Channel open, PacketBatch batch, int slot, Destination to) {
    queue(open, viewsOf(batch).retain(batch, slot), to);
  }

  @Override
  void queue(Channel open, ByteBuffer octets, Destination to) {
    queue(open, Unpooled.wrappedBuffer(octets), to);
  }

  private void queue(Channel open, ByteBuf octets, Destination to) {
    SendPromise heard = to.leg() == null ? bare(open) : to.promise(open, losses);
    var _ = open.write(new DatagramPacket(octets, to.address()), heard);
  }

  /// One for all that nobody's leg receives.
  private SendPromise bare(Channel open) {
    SendPromise known = bare;
    if (known == null) {
      known = new SendPromise(open, null, losses);
      bare = known;
    }
    return known;
  }

  private BatchViews viewsOf(PacketBatch batch) {
    for (int i = 0; i < views.size(); i++) {
      if (views.get(i).isOf(batch)) {
        return views.get(i);
      }
    }
    BatchViews made = new BatchViews(batch);
    views.add(made);
    return made;
  }

  @Override
  void flush(Channel open) {
    open.flush();
    ChannelOutboundBuffer queue = open.unsafe().outboundBuffer();
    while (queue != null && queue.current() != null) {
      queue.remove(SendPromise.FULL);
    }
  }

  private void take(ByteBuf octets, InetSocketAddress source) {
    PacketBatch packets = received.packets();
    int slot = received.add(octets.readableBytes(), source);
    BatchViews to = viewsOf(packets);
    octets.getBytes(octets.readerIndex(), to.space(packets, slot));
    if (received.isFull()) {
      deliverNow();
    }
  }

  private void deliverNow() {
    received.receivedAt(clock.now());
    deliver();
  }

  private final class Handler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      try {
        take(packet.content(), packet.sender());
      } finally {
        packet.release();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      deliverNow();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failed(cause);
    }
  }
}
