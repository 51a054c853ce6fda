package parley.keys.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;

/// HTTP in clear, for loopback.
final class NoTls implements TlsLayer {
  @Override
  public void addTo(ChannelPipeline pipeline, Duration patience) {}

  @Override
  public TlsPeer peer(ChannelHandlerContext context, long connection) {
    return TlsPeer.none(connection);
  }

  @Override
  public void endOutput(ChannelHandlerContext context) {
    if (context.channel() instanceof DuplexChannel channel) {
      var _ = channel.shutdownOutput();
    }
  }
}
