package parley.keys.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: a request in, an answer out, one at a time. Whoever takes too long to ask, or to
/// take the answer, is cut off. Confined to its loop.
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private static final long LINGER_MILLIS = 2000;

  private final RequestDesk desk;
  private final TlsLayer tls;
  private final InetSocketAddress peer;
  private final long number;
  private final long patienceMillis;
  private final Deadline deadline;
  private @Nullable TlsPeer tlsPeer;
  private boolean isEnding;

  /// @param number which no other connection of the server has
  HttpConnection(
      RequestDesk desk, TlsLayer tls, InetSocketAddress peer, long number, long patienceMillis) {
    super(true);
    this.desk = desk;
    this.tls = tls;
    this.peer = peer;
    this.number = number;
    this.patienceMillis = patienceMillis;
    this.deadline = new Deadline(patienceMillis, this::timeOut);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    awaitRequest(context);
  }

  private void awaitRequest(ChannelHandlerContext context) {
    deadline.start(context);
    context.channel().config().setAutoRead(true);
  }

  private void timeOut(ChannelHandlerContext context) {
    desk.counters().timedOut();
    close(context);
  }

  private static void close(ChannelHandlerContext context) {
    var _ = context.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (isEnding) {
      return;
    }
    context.channel().config().setAutoRead(false);
    deadline.stop();
    Reply refusal = refusal(request);
    if (refusal != null) {
      desk.counters().wasMalformed();
      refuse(context, refusal);
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    desk.answer(
        whole(context, request),
        reply -> context.executor().execute(() -> send(context, reply, isHead, keepAlive)));
  }

  private Request whole(ChannelHandlerContext context, FullHttpRequest request) {
    if (tlsPeer == null) {
      tlsPeer = tls.peer(context, number);
    }
    String uri = request.uri();
    int mark = uri.indexOf('?');
    return new Request(
        request.method().name(),
        mark < 0 ? uri : uri.substring(0, mark),
        mark < 0 ? null : uri.substring(mark + 1),
        headers(request.headers()),
        ByteBufUtil.getBytes(request.content()),
        peer,
        tlsPeer);
  }

  private static Map<String, List<String>> headers(HttpHeaders headers) {
    Map<String, List<String>> all = new HashMap<>();
    for (String name : headers.names()) {
      all.put(name.toLowerCase(Locale.ROOT), List.copyOf(headers.getAll(name)));
    }
    return all;
  }

  /// Null for what is a request.
  private static @Nullable Reply refusal(FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return refusal(request.decoderResult().cause());
    }
    if (!request.uri().startsWith("/") || !isPrintable(request.uri())) {
      return Reply.text(400, "the request's target is a path of printable ASCII");
    }
    boolean needsHost = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    if (request.headers().getAll(HttpHeaderNames.HOST).size() != 1 && needsHost) {
      return Reply.text(400, "a request has one Host");
    }
    return null;
  }

  private static boolean isPrintable(String uri) {
    return uri.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }

  private static Reply refusal(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ -> Reply.text(414, "the request line is too long");
      case TooLongHttpHeaderException _ -> Reply.text(431, "the headers are too large");
      case FramingCheck.Unframed refused -> Reply.text(refused.status().code(), refused.sentence());
      default -> Reply.text(400, "this is no HTTP request");
    };
  }

  /// What the peer goes on sending is read and thrown away for a moment: an end that leaves octets
  /// unread is a reset, which can take the answer with it.
  private void refuse(ChannelHandlerContext context, Reply refusal) {
    isEnding = true;
    desk.counters().answered(refusal.status());
    FullHttpResponse response = response(refusal, false);
    HttpUtil.setKeepAlive(response, false);
    var _ = context.writeAndFlush(response).addListener(_ -> tls.endOutput(context));
    context.channel().config().setAutoRead(true);
    var _ =
        context
            .executor()
            .schedule(
                () -> close(context),
                Math.min(LINGER_MILLIS, patienceMillis),
                TimeUnit.MILLISECONDS);
  }

  private void send(ChannelHandlerContext context, Reply reply, boolean isHead, boolean keepAlive) {
    desk.counters().answered(reply.status());
    FullHttpResponse response = response(reply, isHead);
    HttpUtil.setKeepAlive(response, keepAlive);
    deadline.start(context);
    context
        .writeAndFlush(response)
        .addListener(written -> {
          if (keepAlive && written.isSuccess()) {
            awaitRequest(context);
          } else {
            close(context);
          }
        });
  }

  private static FullHttpResponse response(Reply reply, boolean isHead) {
    byte[] body = reply.body();
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    HttpHeaders headers = response.headers();
    if (!reply.contentType().isEmpty()) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
    }
    headers
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    reply.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
    return response;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      desk.counters().failedHandshake();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.stop();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection of {} ended: {}", peer, cause.toString());
    close(context);
  }
}
