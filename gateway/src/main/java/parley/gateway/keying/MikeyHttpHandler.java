package parley.gateway.keying;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.http.Deadline;
import parley.keys.http.FramingCheck;
import parley.mikey.transport.MikeyBody;

/// One connection to the [MikeyHttpPort]: a message in, an answer out, one at a time. Whoever takes
/// too long to ask, or to take the answer, is cut off. Confined to the port's loop.
final class MikeyHttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(MikeyHttpHandler.class);
  private static final String TEXT = "text/plain; charset=utf-8";

  /// Where messages go; false when there is no room, and nobody is answered.
  interface Messages {
    boolean take(InetSocketAddress source, byte[] octets, MikeyAnswer answer);
  }

  private final Messages messages;
  private final MikeyHttpCounters counters;
  private final InetSocketAddress source;
  private final Deadline deadline;
  private boolean isEnding;

  /// @param patienceMillis for a whole request, and for its answer
  MikeyHttpHandler(
      Messages messages,
      MikeyHttpCounters counters,
      InetSocketAddress source,
      long patienceMillis) {
    super(true);
    this.messages = messages;
    this.counters = counters;
    this.source = source;
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
    if (!isEnding) {
      counters.count(MikeyHttpOutcome.TIMED_OUT);
    }
    var _ = context.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (isEnding) {
      return;
    }
    context.channel().config().setAutoRead(false);
    deadline.start(context);
    MikeyHttpOutcome refusal = refusal(request);
    if (refusal != null) {
      refuse(context, refusal);
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    byte[] octets = ByteBufUtil.getBytes(request.content());
    if (!messages.take(source, octets, answer(context, keepAlive))) {
      refuse(context, MikeyHttpOutcome.OVERLOAD);
    }
  }

  /// Null for what is a message, as far as HTTP can tell.
  private static @Nullable MikeyHttpOutcome refusal(FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return framing(request.decoderResult().cause());
    }
    if (!request.uri().equals(MikeyHttpPort.PATH)) {
      return MikeyHttpOutcome.WRONG_PATH;
    }
    if (!request.method().equals(HttpMethod.POST)) {
      return MikeyHttpOutcome.WRONG_METHOD;
    }
    List<String> types = request.headers().getAll(HttpHeaderNames.CONTENT_TYPE);
    if (types.size() != 1 || !MikeyBody.isType(types.getFirst())) {
      return MikeyHttpOutcome.WRONG_TYPE;
    }
    return request.content().isReadable() ? null : MikeyHttpOutcome.EMPTY;
  }

  private static MikeyHttpOutcome framing(Throwable cause) {
    if (!(cause instanceof FramingCheck.Unframed unframed)) {
      return MikeyHttpOutcome.MALFORMED;
    }
    return unframed.status().equals(HttpResponseStatus.LENGTH_REQUIRED)
        ? MikeyHttpOutcome.NO_LENGTH
        : MikeyHttpOutcome.TOO_LONG;
  }

  private MikeyAnswer answer(ChannelHandlerContext context, boolean keepAlive) {
    return new MikeyAnswer() {
      @Override
      public void receipt(byte[] octets) {
        later(MikeyHttpOutcome.RECEIPT, MikeyBody.CONTENT_TYPE, octets);
      }

      @Override
      public void none() {
        later(MikeyHttpOutcome.TAKEN, null, new byte[0]);
      }

      private void later(MikeyHttpOutcome outcome, @Nullable String type, byte[] body) {
        context.executor().execute(() -> send(context, outcome, type, body, keepAlive));
      }
    };
  }

  /// Nothing more is taken from whoever does not know what this port is for.
  private void refuse(ChannelHandlerContext context, MikeyHttpOutcome outcome) {
    byte[] sentence = (outcome.sentence() + "\n").getBytes(StandardCharsets.UTF_8);
    send(context, outcome, TEXT, sentence, false);
  }

  private void send(
      ChannelHandlerContext context,
      MikeyHttpOutcome outcome,
      @Nullable String type,
      byte[] body,
      boolean keepAlive) {
    counters.count(outcome);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, outcome.status(), Unpooled.wrappedBuffer(body));
    response
        .headers()
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    if (type != null) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    }
    if (outcome == MikeyHttpOutcome.WRONG_METHOD) {
      response.headers().set(HttpHeaderNames.ALLOW, "POST");
    }
    HttpUtil.setKeepAlive(response, keepAlive);
    isEnding = !keepAlive;
    deadline.start(context);
    context
        .writeAndFlush(response)
        .addListener(written -> {
          if (!written.isSuccess()) {
            var _ = context.close();
          } else if (keepAlive) {
            awaitRequest(context);
          } else {
            linger(context);
          }
        });
  }

  /// Says that nothing more will come, and takes what does without looking at it until the peer or
  /// the deadline ends it: to close now would take the answer back from whoever still sends (RFC
  /// 9112, 9.6).
  private static void linger(ChannelHandlerContext context) {
    if (context.channel() instanceof DuplexChannel channel) {
      var _ = channel.shutdownOutput();
    }
    context.channel().config().setAutoRead(true);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.stop();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("MIKEY connection of {} ended: {}", source, cause.toString());
    var _ = context.close();
  }
}
