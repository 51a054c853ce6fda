package parley.keys.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;

/// What lies between the socket and HTTP: nothing, TLS by certificates, or TLS by pre-shared keys.
interface TlsLayer {
  /// Puts the handlers at the pipeline's end; a handshake that takes longer than `patience` ends
  /// the connection.
  void addTo(ChannelPipeline pipeline, Duration patience);

  /// What it knows of the peer when the first request is there.
  TlsPeer peer(ChannelHandlerContext context, long connection);

  /// Tells the peer that nothing more comes, while what it sends is still read.
  void endOutput(ChannelHandlerContext context);
}
