package parley.gateway.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.media.PortUnavailable;

/// Serves `/healthz`, `/readyz` and `/metrics` over HTTP on a thread of its own, never on a media
/// loop.
///
/// It asks nobody for a password: it listens on loopback unless told otherwise, and is read only.
/// Requests, connections and waiting are bounded.
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final int MAX_LINE_OCTETS = 2048;
  private static final int MAX_HEADER_OCTETS = 8192;
  private static final int MAX_BODY_OCTETS = 0;
  private static final int MAX_CONNECTIONS = 64;
  private static final int IDLE_SECONDS = 30;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(loop.next());
  private final AdminPages pages;

  private final Channel socket;

  private AdminServer(InetSocketAddress listen, AdminPages pages) throws PortUnavailable {
    this.pages = pages;
    ChannelFuture bound = bind(listen).awaitUninterruptibly();
    socket = bound.channel();
    if (!bound.isSuccess()) {
      close();
      throw new PortUnavailable(
          "admin.listen %s cannot be bound (%s); free it or choose another"
              .formatted(shown(listen), reason(bound.cause())));
    }
  }

  /// Starts to answer.
  ///
  /// @throws PortUnavailable with one sentence when `listen` cannot be had
  public static AdminServer start(
      InetSocketAddress listen, GatewayStatus status, InstantSource clock) throws PortUnavailable {
    var server = new AdminServer(listen, new AdminPages(status, clock));
    if (!listen.getAddress().isLoopbackAddress()) {
      LOG.warn("admin listens on {}, not on loopback: whoever gets there reads it", shown(listen));
    }
    return server;
  }

  /// Where it listens; tells the port when 0 was asked for.
  public InetSocketAddress local() {
    return (InetSocketAddress) socket.localAddress();
  }

  private ChannelFuture bind(InetSocketAddress listen) {
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel connection) {
                accept(connection);
              }
            })
        .bind(listen);
  }

  private void accept(Channel connection) {
    if (connections.size() >= MAX_CONNECTIONS) {
      var _ = connection.close();
      return;
    }
    connections.add(connection);
    connection
        .pipeline()
        .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
        .addLast(new HttpServerCodec(MAX_LINE_OCTETS, MAX_HEADER_OCTETS, MAX_HEADER_OCTETS))
        .addLast(new HttpObjectAggregator(MAX_BODY_OCTETS, true))
        .addLast(new AdminHandler(pages));
  }

  /// Ends all connections and the thread.
  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    pages.close();
  }

  private static String shown(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null ? "unknown" : cause.getMessage();
  }
}
