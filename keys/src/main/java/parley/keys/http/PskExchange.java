package parley.keys.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.crypto.TlsCrypto;
import parley.mikey.secret.SecretBytes;

/// Asks a server over TLS by a pre-shared key (TS 33.222, 5.4): each request a connection of its
/// own. Any thread; waits.
public final class PskExchange implements AutoCloseable {
  private static final int MOST_OCTETS = 1 << 20;

  /// An answer, and the two octets of the TLS suite that it came by.
  public record Answer(Reply reply, int cipherSuiteCode) {}

  /// The key for a suite of TLS 1.2, which Ks_NAF depends on; the caller closes it.
  @FunctionalInterface
  public interface KeyOfSuite {
    SecretBytes key(int cipherSuiteCode);
  }

  private final TlsCrypto crypto;
  private final String identity;
  private final SecretBytes key13;
  private final KeyOfSuite key12;
  private final Duration patience;
  private final ProtocolVersion highest;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("psk-client", true), NioIoHandler.newFactory());
  private final ExecutorService handshakes = Executors.newVirtualThreadPerTaskExecutor();

  /// @param identity `3GPP-bootstrapping;B-TID`
  /// @param key13 the key for TLS 1.3, copied
  /// @param key12 the key for a suite of TLS 1.2
  /// @param patience for a whole exchange
  public PskExchange(
      String identity,
      SecretBytes key13,
      KeyOfSuite key12,
      SecureRandom random,
      Duration patience) {
    this(identity, key13, key12, random, patience, ProtocolVersion.TLSv13);
  }

  /// @param highest version of TLS
  PskExchange(
      String identity,
      SecretBytes key13,
      KeyOfSuite key12,
      SecureRandom random,
      Duration patience,
      ProtocolVersion highest) {
    this.highest = highest;
    this.crypto = PskTls.crypto(random);
    this.identity = identity;
    this.key13 = key13.duplicate();
    this.key12 = key12;
    this.patience = patience;
  }

  /// @param headers those that belong to this request alone
  /// @throws IOException with one sentence when there is no whole answer, or one that is too long
  public Answer send(String method, URI url, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    var answer = new CompletableFuture<Answer>();
    var offer = new PskOffer(crypto, identity, key13, key12, url.getHost(), highest);
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(method),
            url.getRawPath(),
            Unpooled.wrappedBuffer(body));
    headers.forEach(request.headers()::set);
    request
        .headers()
        .set(HttpHeaderNames.HOST, url.getHost() + ":" + url.getPort())
        .set(HttpHeaderNames.CONNECTION, "close")
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    build(channel, offer, request, answer);
                  }
                })
            .connect(new InetSocketAddress(url.getHost(), url.getPort()));
    connected.addListener(done -> {
      if (!done.isSuccess()) {
        answer.completeExceptionally(
            new IOException("nothing answers at %s; is it running?".formatted(url), done.cause()));
      }
    });
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(reason(e), e);
    } catch (TimeoutException e) {
      throw new IOException("%s gave no answer in %s".formatted(url, patience), e);
    } finally {
      var _ = connected.channel().close();
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  private void build(
      Channel channel,
      PskOffer offer,
      DefaultFullHttpRequest request,
      CompletableFuture<Answer> answer) {
    var protocol = new TlsClientProtocol();
    channel
        .pipeline()
        .addLast(
            new PskTlsHandler(
                protocol,
                () -> protocol.connect(offer),
                patience.toMillis(),
                () ->
                    answer.completeExceptionally(
                        new IOException(
                            "the server does not take this pre-shared key; bootstrap again")),
                handshakes))
        .addLast(new HttpClientCodec())
        .addLast(new HttpObjectAggregator(MOST_OCTETS))
        .addLast(new Client(request, offer, answer));
  }

  /// Sends the request when TLS is there, and takes the answer.
  private static final class Client extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final DefaultFullHttpRequest request;
    private final PskOffer offer;
    private final CompletableFuture<Answer> answer;

    Client(DefaultFullHttpRequest request, PskOffer offer, CompletableFuture<Answer> answer) {
      this.request = request;
      this.offer = offer;
      this.answer = answer;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == PskTlsHandler.Event.SECURE) {
        var _ = context.writeAndFlush(request);
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
      if (response.decoderResult().isFailure()) {
        answer.completeExceptionally(new IOException("the answer is no HTTP"));
        return;
      }
      String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
      Reply reply =
          Reply.of(response.status().code(), type, ByteBufUtil.getBytes(response.content()));
      for (Map.Entry<String, String> header : response.headers()) {
        reply = reply.with(header.getKey(), header.getValue());
      }
      answer.complete(new Answer(reply, offer.cipherSuite()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      answer.completeExceptionally(
          new IOException("the server ended the connection before it answered"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.completeExceptionally(new IOException(cause.getMessage(), cause));
    }
  }

  @Override
  public void close() {
    key13.close();
    handshakes.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
