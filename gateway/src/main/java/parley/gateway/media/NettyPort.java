package parley.gateway.media;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.srtp.PacketBatch;

/// A [MediaPort] on a Netty channel of datagrams, which is replaced when the interface under it has
/// been.
///
/// Received octets are copied once, into the loop's batch. Sent octets are not copied: each queued
/// datagram holds a view of the sender's slot, which is why nothing may stay queued behind `flush`.
/// Our own part allocates nothing for a packet; Netty allocates its datagram objects.
final class NettyPort implements MediaPort {
  private static final Logger LOG = LoggerFactory.getLogger(NettyPort.class);

  /// No interface has this index.
  private static final int GONE = -1;

  private final @Nullable NettySocket socket;
  private final ReceivedBatch received;
  private final UnixNanos clock;
  private final List<BatchViews> views = new ArrayList<>();
  private final IdentityHashMap<LegCounters, SendPromise> legs = new IdentityHashMap<>();
  private @Nullable Channel channel;
  private @Nullable SendPromise bare;
  private int interfaceIndex;
  private volatile boolean closed;
  private volatile @Nullable InetSocketAddress local;
  private volatile @Nullable String fault;
  private long faultSince;
  private @Nullable BatchReader reader;
  private long sendsFull;
  private long sendsFailed;

  /// Not open yet.
  NettyPort(NettySocket socket, NettyTransport.LoopMemory memory) {
    this.socket = socket;
    this.received = memory.received();
    this.clock = memory.clock();
  }

  /// On a channel that is never replaced.
  NettyPort(Channel channel, NettyTransport.LoopMemory memory) {
    this.socket = null;
    this.received = memory.received();
    this.clock = memory.clock();
    this.channel = channel;
  }

  /// Opens the channel, or leaves it to [#look] where the leg can wait for its network.
  void open() throws PortUnavailable {
    NettySocket from = requireNonNull(socket);
    local = from.address();
    try {
      channel(from.open(new Handler(), 0));
    } catch (PortUnavailable e) {
      if (!from.waits()) {
        throw e;
      }
      fault(e.getMessage());
    }
  }

  private void channel(NettySocket.Opened opened) {
    channel = opened.channel();
    interfaceIndex = opened.interfaceIndex();
    local = (InetSocketAddress) opened.channel().localAddress();
    bare = null;
    legs.clear();
    if (reader != null) {
      opened.channel().config().setAutoRead(true);
    }
  }

  @Nullable Channel channel() {
    return channel;
  }

  /// Compares the network with what this socket needs, soon: says what is missing, and joins and
  /// binds again what is back. Any thread.
  void look(Links links) {
    NettySocket from = socket;
    if (from != null && !from.loop().isShuttingDown()) {
      from.loop().execute(() -> compare(from, links));
    }
  }

  private void compare(NettySocket from, Links links) {
    if (closed) {
      return;
    }
    String missing = from.fault(links);
    int index = from.interfaceIndex(links);
    boolean isStale = channel == null || index != interfaceIndex;
    if (missing != null && index == 0) {
      interfaceIndex = GONE;
    }
    if (missing != null) {
      fault(missing);
    } else if (isStale) {
      reopen(from);
    } else {
      works("it is back");
    }
  }

  private void reopen(NettySocket from) {
    int port = local().getPort();
    closeChannel();
    try {
      channel(from.open(new Handler(), port));
      works("opened anew on interface index " + interfaceIndex);
    } catch (PortUnavailable e) {
      fault(e.getMessage());
    }
  }

  private void closeChannel() {
    Channel old = channel;
    channel = null;
    if (old != null) {
      sendsFull += bare == null ? 0 : bare.full();
      sendsFailed += bare == null ? 0 : bare.failed();
      bare = null;
      legs.clear();
      var _ = old.close();
    }
  }

  private void fault(@Nullable String sentence) {
    if (fault == null) {
      faultSince = System.nanoTime();
    }
    if (!Objects.equals(fault, sentence)) {
      fault = sentence;
      LOG.atWarn().addKeyValue("leg", name()).log(sentence);
    }
  }

  private void works(String how) {
    if (fault != null) {
      LOG.atInfo()
          .addKeyValue("leg", name())
          .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - faultSince))
          .log("the leg works again: {}", how);
    }
    fault = null;
  }

  private String name() {
    return socket == null ? String.valueOf(local) : socket.name();
  }

  @Override
  public @Nullable String fault() {
    return fault;
  }

  @Override
  public InetSocketAddress local() {
    return requireNonNull(local, "not bound");
  }

  @Override
  public void start(BatchReader newReader) {
    reader = newReader;
    if (channel != null) {
      channel.config().setAutoRead(true);
    }
  }

  @Override
  public void send(PacketBatch batch, int slot, InetSocketAddress to) {
    Channel open = channel;
    if (open == null) {
      sendsFailed++;
    } else {
      queue(open, viewsOf(batch).retain(batch, slot), to, bare(open));
    }
  }

  @Override
  public void send(ByteBuffer octets, InetSocketAddress to) {
    Channel open = channel;
    if (open == null) {
      sendsFailed++;
    } else {
      queue(open, Unpooled.wrappedBuffer(octets), to, bare(open));
    }
  }

  @Override
  public void send(PacketBatch batch, int slot, InetSocketAddress to, LegCounters leg) {
    Channel open = channel;
    if (open == null) {
      leg.lost(DropReason.SEND_UNREACHABLE);
    } else {
      queue(open, viewsOf(batch).retain(batch, slot), to, promise(open, leg));
    }
  }

  @Override
  public void send(ByteBuffer octets, InetSocketAddress to, LegCounters leg) {
    Channel open = channel;
    if (open == null) {
      leg.lost(DropReason.SEND_UNREACHABLE);
    } else {
      queue(open, Unpooled.wrappedBuffer(octets), to, promise(open, leg));
    }
  }

  private static void queue(
      Channel channel, ByteBuf octets, InetSocketAddress to, SendPromise heard) {
    var _ = channel.write(new DatagramPacket(octets, to), heard);
  }

  private SendPromise bare(Channel open) {
    if (bare == null) {
      bare = new SendPromise(open, null);
    }
    return bare;
  }

  private SendPromise promise(Channel open, LegCounters leg) {
    SendPromise known = legs.get(leg);
    if (known == null) {
      known = new SendPromise(open, leg);
      legs.put(leg, known);
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

  /// What the kernel has not taken leaves the queue here, before its memory is used again.
  @Override
  public void flush() {
    Channel open = channel;
    if (open == null) {
      return;
    }
    open.flush();
    ChannelOutboundBuffer queue = open.unsafe().outboundBuffer();
    while (queue != null && queue.current() != null) {
      queue.remove(SendPromise.FULL);
    }
  }

  @Override
  public long sendsFull() {
    return sendsFull + (bare == null ? 0 : bare.full());
  }

  @Override
  public long sendsFailed() {
    return sendsFailed + (bare == null ? 0 : bare.failed());
  }

  @Override
  public void close() {
    closed = true;
    Channel open = channel;
    if (open != null) {
      var _ = open.close();
    }
  }

  boolean isClosed() {
    return closed;
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

    /// A read that the kernel refused leaves the socket as it was. Anything else is a fault of
    /// ours, which must not end the loop.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof IOException) {
        LOG.debug("reading on {} failed: {}", local, cause.getMessage());
      } else {
        LOG.error("a batch received on {} was given up", local, cause);
      }
    }
  }
}
