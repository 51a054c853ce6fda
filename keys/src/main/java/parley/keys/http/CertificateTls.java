package parley.keys.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// TLS with the server's certificate; clients may show one of their own.
final class CertificateTls implements TlsLayer {
  private final Supplier<ServerTls> files;

  /// @param files what holds for the next connection
  CertificateTls(Supplier<ServerTls> files) {
    this.files = files;
  }

  @Override
  public void addTo(ChannelPipeline pipeline, Duration patience) {
    SslHandler handler = files.get().context().newHandler(pipeline.channel().alloc());
    handler.setHandshakeTimeoutMillis(patience.toMillis());
    pipeline.addLast(handler);
  }

  @Override
  public TlsPeer peer(ChannelHandlerContext context, long connection) {
    SSLSession session = context.pipeline().get(SslHandler.class).engine().getSession();
    String suite = session.getCipherSuite();
    return new TlsPeer(
        session.getProtocol(),
        suite,
        TlsSuites.code(suite),
        connection,
        certificate(session),
        null);
  }

  @Override
  public void endOutput(ChannelHandlerContext context) {
    var _ = context.pipeline().get(SslHandler.class).closeOutbound();
  }

  private static @Nullable X509Certificate certificate(SSLSession session) {
    try {
      Certificate first = session.getPeerCertificates()[0];
      return first instanceof X509Certificate certificate ? certificate : null;
    } catch (SSLPeerUnverifiedException _) {
      return null;
    }
  }
}
