package parley.gateway.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.http.Deadline;
import parley.keys.http.FramingCheck;

/// One connection to the admin server: a request in, an answer out, one at a time. Whoever takes
/// too long to ask, or to take the answer, is cut off. Confined to the admin loop.
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
  private static final String REFUSED_BY_TLS = "the client's certificate was refused: ";

  private final AdminSite site;
  private final AdminAccess access;
  private final Deadline deadline;
  private boolean isAnswering;
  private boolean isOutdated;

  /// @param patienceMillis for a whole request, and for a whole answer
  AdminHandler(AdminSite site, AdminAccess access, long patienceMillis) {
    super(true);
    this.site = site;
    this.access = access;
    this.deadline = new Deadline(patienceMillis, AdminHandler::close);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    awaitRequest(context);
  }

  private void awaitRequest(ChannelHandlerContext context) {
    isAnswering = false;
    deadline.start(context);
    context.channel().config().setAutoRead(true);
  }

  private static void close(ChannelHandlerContext context) {
    var _ = context.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    context.channel().config().setAutoRead(false);
    deadline.stop();
    isAnswering = true;
    boolean isMalformed = request.decoderResult().isFailure();
    boolean keepAlive = !isMalformed && HttpUtil.isKeepAlive(request);
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    if (isMalformed) {
      send(context, refusal(request.decoderResult().cause()), isHead, keepAlive);
      return;
    }
    site.answer(
        AdminRequest.of(request, peer(context), certificate(context), access),
        answer -> context.executor().execute(() -> send(context, answer, isHead, keepAlive)));
  }

  private void send(
      ChannelHandlerContext context, Answer answer, boolean isHead, boolean keepAlive) {
    boolean goesOn = keepAlive && !isOutdated;
    site.counters().answered(answer.status().code());
    FullHttpResponse response = response(answer, isHead);
    HttpUtil.setKeepAlive(response, goesOn);
    deadline.start(context);
    context
        .writeAndFlush(response)
        .addListener(written -> {
          if (goesOn && written.isSuccess()) {
            awaitRequest(context);
          } else {
            close(context);
          }
        });
  }

  private static Answer refusal(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          Answer.error(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long");
      case TooLongHttpHeaderException _ ->
          Answer.error(
              HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too large");
      case FramingCheck.Unframed refused -> Answer.error(refused.status(), refused.sentence());
      default -> Answer.error(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
    };
  }

  private static FullHttpResponse response(Answer answer, boolean isHead) {
    byte[] body = answer.octets();
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            answer.status(),
            isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    return response;
  }

  private static InetAddress peer(ChannelHandlerContext context) {
    return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
  }

  private static @Nullable X509Certificate certificate(ChannelHandlerContext context) {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls == null) {
      return null;
    }
    try {
      Certificate first = tls.engine().getSession().getPeerCertificates()[0];
      return first instanceof X509Certificate certificate ? certificate : null;
    } catch (SSLPeerUnverifiedException _) {
      return null;
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      refused(context, handshake.cause());
    } else if (event == AdminServer.Event.ACCESS_CHANGED) {
      isOutdated = true;
      if (!isAnswering) {
        close(context);
      }
    }
  }

  private void refused(ChannelHandlerContext context, Throwable cause) {
    for (Throwable c = cause; c != null; c = c.getCause()) {
      if (c instanceof GeneralSecurityException && context.channel().remoteAddress() != null) {
        site.refuseHandshake(peer(context), REFUSED_BY_TLS + c.getMessage());
        return;
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.stop();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug(
        "admin connection of {} ended: {}", context.channel().remoteAddress(), cause.toString());
    close(context);
  }
}
