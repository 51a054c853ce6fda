package parley.gateway.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.srtp.PacketBatch;

/// A [MediaPort] on a Netty channel of datagrams.
///
/// Received octets are copied once, into the loop's batch. Sent octets are not copied: each queued
/// datagram holds a view of the sender's slot, which is why nothing may stay queued behind `flush`.
/// Our own part allocates nothing for a packet; Netty allocates its datagram objects.
final class NettyPort implements MediaPort {
  private static final Logger LOG = LoggerFactory.getLogger(NettyPort.class);

  private final Channel channel;
  private final ReceivedBatch received;
  private final UnixNanos clock;
  private final List<BatchViews> views = new ArrayList<>();
  private @Nullable InetSocketAddress local;
  private @Nullable BatchReader reader;
  private long sendsFull;
  private long sendsFailed;

  NettyPort(Channel channel, NettyTransport.LoopMemory memory) {
    this.channel = channel;
    this.received = memory.received();
    this.clock = memory.clock();
  }

  ChannelHandler handler() {
    return new Handler();
  }

  /// Once bound; the address outlives the socket.
  void bound() {
    local = (InetSocketAddress) channel.localAddress();
  }

  @Override
  public InetSocketAddress local() {
    return Objects.requireNonNull(local, "not bound");
  }

  @Override
  public void start(BatchReader newReader) {
    reader = newReader;
    channel.config().setAutoRead(true);
  }

  @Override
  public void send(PacketBatch batch, int slot, InetSocketAddress to) {
    queue(viewsOf(batch).retain(batch, slot), to);
  }

  @Override
  public void send(ByteBuffer octets, InetSocketAddress to) {
    queue(Unpooled.wrappedBuffer(octets), to);
  }

  private void queue(ByteBuf octets, InetSocketAddress to) {
    var _ = channel.write(new DatagramPacket(octets, to), channel.voidPromise());
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

  /// What the kernel has not taken leaves the queue here, before its memory is used again.
  @Override
  public void flush() {
    channel.flush();
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    while (queue != null && queue.current() != null) {
      queue.remove();
      sendsFull++;
    }
  }

  @Override
  public long sendsFull() {
    return sendsFull;
  }

  @Override
  public long sendsFailed() {
    return sendsFailed;
  }

  @Override
  public void close() {
    var _ = channel.close();
  }

  private void take(ByteBuf octets, InetSocketAddress source) {
    PacketBatch packets = received.packets();
    int slot = received.add(octets.readableBytes(), source);
    BatchViews to = viewsOf(packets);
    octets.getBytes(octets.readerIndex(), to.space(packets, slot));
    if (received.isFull()) {
      deliver();
    }
  }

  private void deliver() {
    BatchReader to = reader;
    try {
      if (to != null && !received.isEmpty()) {
        received.receivedAt(clock.now());
        to.read(this, received);
      }
    } finally {
      received.clear();
    }
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
      deliver();
    }

    /// Netty reports a refused send here; the packet is gone, the socket lives on. Anything else is
    /// a fault of ours, which must not end the loop.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof IOException) {
        sendsFailed++;
      } else {
        LOG.error("a batch received on {} was given up", local, cause);
      }
    }
  }
}
