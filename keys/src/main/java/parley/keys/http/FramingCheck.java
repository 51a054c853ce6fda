package parley.keys.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// Refuses a body before it is read: one that is too long, and any `Transfer-Encoding`, whatever it
/// says, because two readers could see its length differently. Nothing behind it is looked at.
public final class FramingCheck extends ChannelInboundHandlerAdapter {
  /// What the last handler finds as the cause; answered, and then the connection ends.
  public static final class Unframed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient HttpResponseStatus status;

    private Unframed(HttpResponseStatus status, String sentence) {
      super(sentence, null, false, false);
      this.status = status;
    }

    public HttpResponseStatus status() {
      return status;
    }

    public String sentence() {
      return String.valueOf(getMessage());
    }
  }

  private final int maxOctets;
  private boolean isRefused;

  public FramingCheck(int maxOctets) {
    this.maxOctets = maxOctets;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isRefused) {
      ReferenceCountUtil.release(message);
      return;
    }
    Unframed refusal =
        message instanceof HttpRequest request && request.decoderResult().isSuccess()
            ? refusal(request)
            : null;
    if (refusal == null) {
      context.fireChannelRead(message);
      return;
    }
    isRefused = true;
    HttpRequest request = (HttpRequest) message;
    var refused =
        new DefaultFullHttpRequest(request.protocolVersion(), request.method(), request.uri());
    refused.setDecoderResult(DecoderResult.failure(refusal));
    ReferenceCountUtil.release(message);
    context.fireChannelRead(refused);
  }

  private @Nullable Unframed refusal(HttpRequest request) {
    if (request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return new Unframed(
          HttpResponseStatus.LENGTH_REQUIRED,
          "tell the length of the body by Content-Length alone");
    }
    if (HttpUtil.getContentLength(request, 0L) > maxOctets) {
      return new Unframed(
          HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
          "the body is longer than " + maxOctets + " octets");
    }
    return null;
  }
}
