package parley.keys.http;

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
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/// Serves one [Site], over TLS or on loopback in clear.
///
/// Connections, their rate from one address, requests at once, lengths and waiting are bounded
/// ([HttpLimits]), all before the site is asked; each refusal has a counter.
public final class HttpsServer implements AutoCloseable {
  private static final int MAX_LINE_OCTETS = 4096;
  private static final int MAX_HEADER_OCTETS = 16 * 1024;
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private final EventLoopGroup loops;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ExecutorService requests;
  private final AtomicLong connectionNumber = new AtomicLong();
  private final HttpCounters counters = new HttpCounters();
  private final AddressLimits addresses;
  private final HttpLimits limits;
  private final TlsLayer tls;
  private final RequestDesk desk;
  private final Channel socket;

  /// What a layer below HTTP works with.
  private record Base(Executor threads, HttpCounters counters) {}

  private HttpsServer(
      InetSocketAddress listen, Function<Base, TlsLayer> tls, HttpLimits limits, Site site)
      throws PortTaken {
    this.requests = Executors.newVirtualThreadPerTaskExecutor();
    this.tls = tls.apply(new Base(requests, counters));
    this.limits = limits;
    this.addresses = new AddressLimits(limits, HttpsServer::sinceSomeMoment);
    this.desk = new RequestDesk(site, requests, limits.requestsAtOnce(), counters);
    this.loops =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("https", true),
            NioIoHandler.newFactory());
    ChannelFuture bound = bind(listen).awaitUninterruptibly();
    socket = bound.channel();
    if (!bound.isSuccess()) {
      close();
      throw new PortTaken(listen, bound.cause());
    }
  }

  /// Starts to answer over TLS.
  ///
  /// @param tls the files that hold for the next connection; asked for each
  public static HttpsServer start(
      InetSocketAddress listen, Supplier<ServerTls> tls, HttpLimits limits, Site site)
      throws PortTaken {
    return new HttpsServer(listen, _ -> new CertificateTls(tls), limits, site);
  }

  /// Starts to answer over TLS by pre-shared keys, without a certificate.
  ///
  /// @param hosts the server's own names, in lower case
  public static HttpsServer start(
      InetSocketAddress listen,
      PskKeys keys,
      Set<String> hosts,
      SecureRandom random,
      HttpLimits limits,
      Site site)
      throws PortTaken {
    return new HttpsServer(
        listen,
        base -> new PskTls(keys, hosts, random, base.counters(), base.threads()),
        limits,
        site);
  }

  /// Starts to answer in clear: for loopback, or behind something that ends TLS on the same host.
  ///
  /// @throws IllegalArgumentException for any other address
  public static HttpsServer startInClear(InetSocketAddress listen, HttpLimits limits, Site site)
      throws PortTaken {
    if (!listen.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("HTTP in clear is for loopback, not for " + listen);
    }
    return new HttpsServer(listen, _ -> new NoTls(), limits, site);
  }

  /// Where it listens; tells the port when 0 was asked for.
  public InetSocketAddress local() {
    return (InetSocketAddress) socket.localAddress();
  }

  public HttpCounters counters() {
    return counters;
  }

  private ChannelFuture bind(InetSocketAddress listen) {
    return new ServerBootstrap()
        .group(loops)
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
    InetSocketAddress peer = (InetSocketAddress) connection.remoteAddress();
    if (peer == null || !isAdmitted(peer.getAddress())) {
      counters.refusedConnection();
      var _ = connection.close();
      return;
    }
    counters.connected();
    connections.add(connection);
    connection.closeFuture().addListener(_ -> left(peer.getAddress()));
    tls.addTo(connection.pipeline(), limits.patience());
    connection
        .pipeline()
        .addLast(new HttpServerCodec(MAX_LINE_OCTETS, MAX_HEADER_OCTETS, MAX_HEADER_OCTETS))
        .addLast(new FramingCheck(limits.bodyOctets()))
        .addLast(new HttpObjectAggregator(limits.bodyOctets(), true))
        .addLast(new FlowControlHandler())
        .addLast(
            new HttpConnection(
                desk, tls, peer, connectionNumber.incrementAndGet(), limits.patience().toMillis()));
  }

  /// A clock that nobody sets.
  private static Instant sinceSomeMoment() {
    return Instant.ofEpochSecond(0, System.nanoTime());
  }

  private boolean isAdmitted(InetAddress address) {
    synchronized (addresses) {
      return connections.size() < limits.connections() && addresses.admit(address);
    }
  }

  private void left(InetAddress address) {
    synchronized (addresses) {
      addresses.closed(address);
    }
  }

  /// Takes no more, lets running requests come to their end for a moment, and ends all connections.
  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    desk.finish(LAST_ANSWERS);
    connections.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    requests.shutdownNow();
  }
}
