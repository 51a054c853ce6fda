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
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.PortUnavailable;
import parley.keys.http.FramingCheck;

/// Serves `/healthz`, `/readyz`, `/metrics` and `/api/v1` over HTTP on a thread of its own, never
/// on a media loop.
///
/// On loopback it asks nobody for a password unless told so; anywhere else there are TLS and tokens
/// or client certificates. Requests, connections and waiting are bounded.
public final class AdminServer implements AutoCloseable {
  /// Told to every connection after a reload: the next request needs a new one.
  enum Event {
    ACCESS_CHANGED
  }

  private static final int MAX_LINE_OCTETS = 2048;
  private static final int MAX_HEADER_OCTETS = 8192;
  private static final int MAX_BODY_OCTETS = 4096;
  private static final int MAX_CONNECTIONS = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(loop.next());
  private final LiveAccess access;
  private final AdminSite site;
  private final Duration patience;
  private final Channel socket;

  private AdminServer(LiveAccess access, AdminSite site, Duration patience) throws PortUnavailable {
    this.access = access;
    this.site = site;
    this.patience = patience;
    InetSocketAddress listen = access.present().config().listen();
    ChannelFuture bound = bind(listen).awaitUninterruptibly();
    socket = bound.channel();
    if (!bound.isSuccess()) {
      close();
      throw new PortUnavailable(
          "admin.listen %s cannot be bound (%s); free it or choose another"
              .formatted(shown(listen), reason(bound.cause())));
    }
    access.whenChanged(
        () -> connections.forEach(c -> c.pipeline().fireUserEventTriggered(Event.ACCESS_CHANGED)));
  }

  /// Starts to answer.
  ///
  /// @throws PortUnavailable with one sentence when `admin.listen` cannot be had
  public static AdminServer start(LiveAccess access, AdminServices services)
      throws PortUnavailable {
    return start(access, services, PATIENCE);
  }

  /// @param patience for a whole request, and for a whole answer
  static AdminServer start(LiveAccess access, AdminServices services, Duration patience)
      throws PortUnavailable {
    return new AdminServer(access, new AdminSite(new GatewayContent(services, access)), patience);
  }

  /// The same for another role than a gateway.
  public static AdminServer start(LiveAccess access, RoleContent role) throws PortUnavailable {
    return new AdminServer(access, new AdminSite(role), PATIENCE);
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
    AdminAccess present = access.present();
    SslContext tls = present.tls();
    if (tls != null) {
      SslHandler handler = tls.newHandler(connection.alloc());
      handler.setHandshakeTimeoutMillis(patience.toMillis());
      connection.pipeline().addLast(handler);
    }
    connection
        .pipeline()
        .addLast(new HttpServerCodec(MAX_LINE_OCTETS, MAX_HEADER_OCTETS, MAX_HEADER_OCTETS))
        .addLast(new FramingCheck(MAX_BODY_OCTETS))
        .addLast(new HttpObjectAggregator(MAX_BODY_OCTETS, true))
        .addLast(new FlowControlHandler())
        .addLast(new AdminHandler(site, present, patience.toMillis()));
  }

  /// Ends all connections and the thread.
  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    site.finish();
    connections.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    site.close();
  }

  private static String shown(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null ? "unknown" : cause.getMessage();
  }
}
