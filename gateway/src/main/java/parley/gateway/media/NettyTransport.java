package parley.gateway.media;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Media sockets on Netty's event loops, in one of two ways: whole batches by our own system calls,
/// or Netty's datagram channels, which work everywhere and allocate a few hundred octets for each
/// datagram, in and out.
public final class NettyTransport implements MediaTransport {
  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

  /// How long a packet may wait for the tick of its loop.
  public static final Duration DEFAULT_TICK = Duration.ofMillis(1);

  private final DatagramIo io;
  private final boolean isBatch;
  private final Duration tick;
  private final BufferGrants grants;
  private final MultiThreadIoEventLoopGroup loops;
  private final Map<EventLoop, LoopMemory> memories = new ConcurrentHashMap<>();
  private final Map<EventLoop, BatchLoop> batchLoops = new ConcurrentHashMap<>();
  private final List<PacketLatency> latencies = new CopyOnWriteArrayList<>();
  private final Set<SocketPort> ports = ConcurrentHashMap.newKeySet();
  private final Trunks trunks = new Trunks(this::trunk);
  private @Nullable LinkWatcher watcher;
  private volatile @Nullable Links seen;

  /// What the ports of one loop share: they never read at the same time.
  record LoopMemory(ReceivedBatch received, UnixNanos clock, PacketLatency latency) {
    LoopMemory() {
      this(new ReceivedBatch(), new UnixNanos(), new PacketLatency());
    }
  }

  private NettyTransport(DatagramIo io, boolean isBatch, int loops, Duration tick) {
    this.io = io;
    this.isBatch = isBatch;
    this.tick = tick;
    this.grants = new BufferGrants(io, SOCKET_BUFFER_OCTETS);
    this.loops =
        new MultiThreadIoEventLoopGroup(
            loops, new DefaultThreadFactory("media-" + name()), io.handlers());
  }

  /// As below, with the tick that is usual.
  public static NettyTransport select(String name, int loops) {
    return select(name, loops, DEFAULT_TICK);
  }

  /// The transport of that name: `batch`, or `netty` on epoll where the system has it, or `nio`
  /// without; `auto` is batch where that works.
  ///
  /// @param tick how long packets of the batch path may wait to be drained together; 0 for not
  /// @throws IllegalArgumentException for another name, or for batch where it does not work
  public static NettyTransport select(String name, int loops, Duration tick) {
    DatagramIo portable = Epoll.isAvailable() ? DatagramIo.EPOLL : DatagramIo.NIO;
    return switch (name) {
      case "auto" -> {
        String missing = BatchSupport.missing();
        if (missing != null) {
          LOG.info("media goes by netty instead of batch: {}", missing);
        }
        yield new NettyTransport(portable, missing == null, loops, tick);
      }
      case "batch" -> {
        String missing = BatchSupport.missing();
        if (missing != null) {
          throw new IllegalArgumentException("no batch path here, choose auto: " + missing);
        }
        yield new NettyTransport(portable, true, loops, tick);
      }
      case "netty" -> new NettyTransport(portable, false, loops, tick);
      case "nio" -> new NettyTransport(DatagramIo.NIO, false, loops, tick);
      default ->
          throw new IllegalArgumentException(
              "there is no transport '" + name + "'; choose auto, batch, netty or nio");
    };
  }

  @Override
  public String name() {
    return isBatch ? "batch" : io.label();
  }

  @Override
  public List<PacketLatency> latencies() {
    return List.copyOf(latencies);
  }

  @Override
  public EventLoop nextLoop() {
    return loops.next();
  }

  @Override
  public MediaPort bind(Leg listen, EventLoop loop) throws PortUnavailable {
    return onLoop(
        loop,
        () ->
            listen.isTrunk()
                ? trunks.listening(listen, loop, memory(loop))
                : opened(port(NettySocket.listening(io, loop, listen))));
  }

  @Override
  public MediaPort sender(@Nullable Leg out, EventLoop loop) throws PortUnavailable {
    return onLoop(
        loop,
        () ->
            out != null && out.isTrunk()
                ? trunks.sending(out, loop)
                : opened(port(NettySocket.sending(io, loop, out))));
  }

  @Override
  public List<TrunkCounters> trunks() {
    return trunks.counters();
  }

  private SocketPort opened(SocketPort port) throws PortUnavailable {
    port.open();
    ports.add(port);
    if (port.channel() instanceof DatagramChannel channel) {
      grants.look(channel.config());
    }
    Links links = seen;
    if (links != null) {
      port.look(links);
    }
    watch();
    return port;
  }

  private SocketPort port(NettySocket socket) {
    return isBatch
        ? new PlainBatchPort(socket, batchLoop(socket.loop()))
        : new NettyPort(socket, memory(socket.loop()));
  }

  private SocketPort trunk(
      Leg leg, EventLoop loop, TrunkCounters counters, @Nullable TrunkInbox inbox)
      throws PortUnavailable {
    NettySocket socket =
        inbox == null ? NettySocket.sending(io, loop, leg) : NettySocket.listening(io, loop, leg);
    return opened(
        isBatch
            ? new BatchTrunk(socket, batchLoop(loop), leg, counters, inbox)
            : new NettyTrunk(socket, memory(loop), counters));
  }

  private BatchLoop batchLoop(EventLoop of) {
    IoEventLoop loop = (IoEventLoop) of;
    return batchLoops.computeIfAbsent(loop, _ -> new BatchLoop(loop, memory(loop), tick));
  }

  private LoopMemory memory(EventLoop loop) {
    return memories.computeIfAbsent(loop, _ -> newMemory());
  }

  private LoopMemory newMemory() {
    LoopMemory made = new LoopMemory();
    latencies.add(made.latency());
    return made;
  }

  /// From the first socket on, in the network of the loops.
  private synchronized void watch() {
    if (watcher == null) {
      watcher = LinkWatcher.start(this::look);
    }
  }

  /// On the watcher's thread.
  private void look(Links links) {
    boolean isNew = !links.equals(seen);
    seen = links;
    ports.removeIf(SocketPort::isClosed);
    for (SocketPort port : ports) {
      if (isNew || port.fault() != null) {
        port.look(links);
      }
    }
  }

  private static MediaPort onLoop(EventLoop loop, Callable<MediaPort> work) throws PortUnavailable {
    try {
      return loop.inEventLoop() ? work.call() : loop.submit(work).get();
    } catch (ExecutionException e) {
      throw unavailable(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PortUnavailable("interrupted while a media socket was opened; start again", e);
    } catch (Exception e) {
      throw unavailable(e);
    }
  }

  private static PortUnavailable unavailable(Throwable cause) {
    return cause instanceof PortUnavailable known
        ? known
        : new PortUnavailable("cannot open a media socket: " + cause.getMessage(), cause);
  }

  private synchronized void stopWatching() {
    if (watcher != null) {
      watcher.close();
    }
  }

  @Override
  public void close() {
    stopWatching();
    // a loop whose quiet period is 0 may end without a word to its handles
    ports.forEach(SocketPort::close);
    batchLoops.values().forEach(BatchLoop::close);
    var _ = loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
