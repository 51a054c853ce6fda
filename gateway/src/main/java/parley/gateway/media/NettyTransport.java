package parley.gateway.media;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Media sockets on Netty's datagram channels.
///
/// Netty allocates a few hundred octets for each datagram, in and out. That is accepted here; a
/// socket that reads and writes whole batches takes this one's place behind [MediaPort].
public final class NettyTransport implements MediaTransport {
  private final DatagramIo io;
  private final MultiThreadIoEventLoopGroup loops;
  private final Map<EventLoop, LoopMemory> memories = new ConcurrentHashMap<>();
  private final Set<NettyPort> ports = ConcurrentHashMap.newKeySet();
  private @Nullable LinkWatcher watcher;
  private volatile @Nullable Links seen;

  /// What the ports of one loop share: they never read at the same time.
  record LoopMemory(ReceivedBatch received, UnixNanos clock) {
    LoopMemory() {
      this(new ReceivedBatch(), new UnixNanos());
    }
  }

  private NettyTransport(DatagramIo io, int loops) {
    this.io = io;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            loops, new DefaultThreadFactory("media-" + io.label()), io.handlers());
  }

  /// The transport of that name; `auto` is epoll where the system has it.
  ///
  /// @throws IllegalArgumentException for another name, or for epoll where there is none
  public static NettyTransport select(String name, int loops) {
    DatagramIo io =
        switch (name) {
          case "auto" -> DatagramIo.EPOLL.isAvailable() ? DatagramIo.EPOLL : DatagramIo.NIO;
          case "epoll" -> DatagramIo.EPOLL;
          case "nio" -> DatagramIo.NIO;
          default ->
              throw new IllegalArgumentException(
                  "there is no transport '" + name + "'; choose auto, epoll or nio");
        };
    if (!io.isAvailable()) {
      throw new IllegalArgumentException("this system has no epoll; choose auto or nio");
    }
    return new NettyTransport(io, loops);
  }

  @Override
  public String name() {
    return io.label();
  }

  @Override
  public EventLoop nextLoop() {
    return loops.next();
  }

  @Override
  public MediaPort bind(Leg listen, EventLoop loop) throws PortUnavailable {
    return onLoop(loop, () -> opened(NettySocket.listening(io, loop, listen)));
  }

  @Override
  public MediaPort sender(@Nullable Leg out, EventLoop loop) throws PortUnavailable {
    return onLoop(loop, () -> opened(NettySocket.sending(io, loop, out)));
  }

  private MediaPort opened(NettySocket socket) throws PortUnavailable {
    NettyPort port =
        new NettyPort(socket, memories.computeIfAbsent(socket.loop(), _ -> new LoopMemory()));
    port.open();
    ports.add(port);
    Links links = seen;
    if (links != null) {
      port.look(links);
    }
    watch();
    return port;
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
    ports.removeIf(NettyPort::isClosed);
    for (NettyPort port : ports) {
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
    var _ = loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
