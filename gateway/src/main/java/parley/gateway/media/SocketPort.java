package parley.gateway.media;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.srtp.PacketBatch;

/// A [MediaPort] on a socket that a Netty channel has opened, bound and joined, and that is
/// replaced when the interface under it has been. How octets are read and written is the business
/// of the two kinds of it.
///
/// Confined to its loop, but for what [MediaPort] says and `look`.
abstract sealed class SocketPort implements MediaPort permits NettyPort, BatchPort {
  private static final Logger LOG = LoggerFactory.getLogger(SocketPort.class);

  /// No interface has this index.
  private static final int GONE = -1;

  final SendLosses losses = new SendLosses();
  final ReceivedBatch received;
  final UnixNanos clock;
  private final PacketLatency latency;
  private final @Nullable NettySocket socket;
  private @Nullable Channel channel;
  private int interfaceIndex;
  private volatile boolean closed;
  private volatile @Nullable InetSocketAddress local;
  private volatile @Nullable String fault;
  private long faultSince;
  private @Nullable BatchReader reader;

  /// Not open yet.
  SocketPort(NettySocket socket, NettyTransport.LoopMemory memory) {
    this(socket, null, memory);
  }

  /// On a channel that is never replaced.
  SocketPort(Channel channel, NettyTransport.LoopMemory memory) {
    this(null, channel, memory);
  }

  private SocketPort(
      @Nullable NettySocket socket, @Nullable Channel channel, NettyTransport.LoopMemory memory) {
    this.socket = socket;
    this.received = memory.received();
    this.clock = memory.clock();
    this.latency = memory.latency();
    this.channel = channel;
  }

  /// What the channel's pipeline ends with.
  abstract ChannelHandler handler();

  /// Takes a channel into use. One that this throws for is closed.
  abstract void take(Channel fresh) throws IOException;

  /// Lets go of the channel, which is closed next.
  abstract void letGo(Channel old);

  /// There is a reader now, and a channel.
  abstract void startReading(Channel open);

  abstract void queue(Channel open, PacketBatch batch, int slot, Destination to);

  abstract void queue(Channel open, ByteBuffer octets, Destination to);

  abstract void flush(Channel open);

  /// Opens the channel, or leaves it to [#look] where the leg can wait for its network.
  void open() throws PortUnavailable {
    NettySocket from = requireNonNull(socket);
    local = from.address();
    try {
      use(from, 0);
    } catch (PortUnavailable e) {
      if (!from.waits()) {
        throw e;
      }
      fault(e.getMessage());
    }
  }

  private void use(NettySocket from, int port) throws PortUnavailable {
    NettySocket.Opened opened = from.open(handler(), port);
    Channel fresh = opened.channel();
    try {
      take(fresh);
    } catch (IOException e) {
      var _ = fresh.close();
      throw new PortUnavailable("cannot use " + from.name() + ": " + e.getMessage(), e);
    }
    channel = fresh;
    interfaceIndex = opened.interfaceIndex();
    local = (InetSocketAddress) fresh.localAddress();
    if (reader != null) {
      startReading(fresh);
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
      use(from, port);
      works("opened anew on interface index " + interfaceIndex);
    } catch (PortUnavailable e) {
      fault(e.getMessage());
    }
  }

  private void closeChannel() {
    Channel old = channel;
    channel = null;
    if (old != null) {
      letGo(old);
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
  public final @Nullable String fault() {
    return fault;
  }

  @Override
  public final InetSocketAddress local() {
    return requireNonNull(local, "not bound");
  }

  @Override
  public final void start(BatchReader newReader) {
    reader = newReader;
    Channel open = channel;
    if (open != null) {
      startReading(open);
    }
  }

  @Nullable BatchReader reader() {
    return reader;
  }

  /// Hands the loop's batch to the reader, and empties it.
  final void deliver() {
    BatchReader to = reader;
    try {
      if (to != null && !received.isEmpty()) {
        to.read(this, received);
        latency.record(received, clock.now());
      }
    } finally {
      received.clear();
    }
  }

  /// A read that the kernel refused leaves the socket as it was. Anything else is a fault of ours,
  /// which must not end the loop.
  final void failed(Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("reading on {} failed: {}", local, cause.getMessage());
    } else {
      LOG.error("a batch received on {} was given up", local, cause);
    }
  }

  @Override
  public final void send(PacketBatch batch, int slot, Destination to) {
    Channel open = channel;
    if (open == null) {
      losses.closed(to.leg());
    } else {
      queue(open, batch, slot, to);
    }
  }

  @Override
  public final void send(ByteBuffer octets, Destination to) {
    Channel open = channel;
    if (open == null) {
      losses.closed(to.leg());
    } else {
      queue(open, octets, to);
    }
  }

  /// What the kernel has not taken leaves the queue here, before its memory is used again.
  @Override
  public final void flush() {
    Channel open = channel;
    if (open != null) {
      flush(open);
    }
  }

  @Override
  public final long sendsFull() {
    return losses.full();
  }

  @Override
  public final long sendsFailed() {
    return losses.failed();
  }

  @Override
  public final void close() {
    closed = true;
    if (socket == null || socket.loop().inEventLoop()) {
      closeChannel();
    } else if (!socket.loop().isShuttingDown()) {
      socket.loop().execute(this::closeChannel);
    }
  }

  final boolean isClosed() {
    return closed;
  }
}
