package parley.gateway.keying;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.PortUnavailable;
import parley.keys.http.FramingCheck;
import parley.mikey.transport.MikeyBody;

/// MIKEY by HTTP: `POST /mikey` with a body `application/mikey` (RFC 3830, 10.1).
///
/// A GMK that this member has or gets is answered 200 with the receipt as the body. Everything else
/// is answered 202 without one: announcements, what is for others, what is refused, what is no
/// MIKEY message. Plain HTTP, because messages protect themselves; what an observer sees is what
/// the same message by UDP shows. Requests, connections and waiting are bounded, on a thread of its
/// own.
public final class MikeyHttpPort implements AutoCloseable {
  static final String PATH = "/mikey";

  private static final int MAX_LINE_OCTETS = 512;
  private static final int MAX_HEADER_OCTETS = 4096;
  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_CONNECTIONS_OF_AN_ADDRESS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("mikey-http", true), NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(loop.next());
  private final MikeyHttpCounters counters = new MikeyHttpCounters();
  private final MikeyInbox inbox;
  private final InstantSource clock;
  private final Duration patience;
  private final Channel socket;

  private MikeyHttpPort(
      InetSocketAddress listen, MikeyInbox inbox, InstantSource clock, Duration patience)
      throws PortUnavailable {
    this.inbox = inbox;
    this.clock = clock;
    this.patience = patience;
    ChannelFuture bound = bind(listen).awaitUninterruptibly();
    socket = bound.channel();
    if (!bound.isSuccess()) {
      close();
      throw new PortUnavailable(
          "mikey.http %s:%d cannot be bound (%s); free it or choose another"
              .formatted(
                  listen.getAddress().getHostAddress(), listen.getPort(), reason(bound.cause())));
    }
  }

  /// Binds `listen`; who connects waits in the kernel until `start`.
  ///
  /// @throws PortUnavailable with one sentence when `mikey.http` cannot be had
  public static MikeyHttpPort bind(InetSocketAddress listen, MikeyInbox inbox, InstantSource clock)
      throws PortUnavailable {
    return bind(listen, inbox, clock, PATIENCE);
  }

  /// @param patience for a whole request, and for its answer
  static MikeyHttpPort bind(
      InetSocketAddress listen, MikeyInbox inbox, InstantSource clock, Duration patience)
      throws PortUnavailable {
    return new MikeyHttpPort(listen, inbox, clock, patience);
  }

  /// Takes connections from now on.
  public void start() {
    socket.config().setAutoRead(true);
  }

  /// Where it listens; tells the port when 0 was asked for.
  public InetSocketAddress local() {
    return (InetSocketAddress) socket.localAddress();
  }

  public MikeyHttpCounters counters() {
    return counters;
  }

  private ChannelFuture bind(InetSocketAddress listen) {
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
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
    if (!(connection.remoteAddress() instanceof InetSocketAddress source)) {
      var _ = connection.close(); // gone already
      return;
    }
    if (connections.size() >= MAX_CONNECTIONS || isCrowd(source)) {
      counters.count(MikeyHttpOutcome.CROWDED_OUT);
      var _ = connection.close();
      return;
    }
    connections.add(connection);
    connection
        .pipeline()
        .addLast(new HttpServerCodec(MAX_LINE_OCTETS, MAX_HEADER_OCTETS, MAX_HEADER_OCTETS))
        .addLast(new FramingCheck(MikeyBody.MAX_OCTETS))
        .addLast(new HttpObjectAggregator(MikeyBody.MAX_OCTETS, true))
        .addLast(new FlowControlHandler())
        .addLast(new MikeyHttpHandler(this::take, counters, source, patience.toMillis()));
  }

  private boolean isCrowd(InetSocketAddress source) {
    return connections.stream()
            .filter(other ->
                other.remoteAddress() instanceof InetSocketAddress address
                    && address.getAddress().equals(source.getAddress()))
            .count()
        >= MAX_CONNECTIONS_OF_AN_ADDRESS;
  }

  private boolean take(InetSocketAddress source, byte[] octets, MikeyAnswer answer) {
    Instant now = clock.instant();
    long unixNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return inbox.direct(source, octets, unixNanos, answer);
  }

  /// Ends all connections and the thread.
  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null ? "unknown" : cause.getMessage();
  }
}
