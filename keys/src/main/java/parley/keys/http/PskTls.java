package parley.keys.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/// TLS by pre-shared keys: no certificate, and every client known by the key's identity.
final class PskTls implements TlsLayer {
  private static final AttributeKey<PskServer> SERVER = AttributeKey.valueOf(PskTls.class, "psk");

  private final TlsCrypto crypto;
  private final PskKeys keys;
  private final Set<String> hosts;
  private final HttpCounters counters;
  private final Executor handshakes;

  PskTls(
      PskKeys keys,
      Set<String> hosts,
      SecureRandom random,
      HttpCounters counters,
      Executor handshakes) {
    this.crypto = crypto(random);
    this.keys = keys;
    this.hosts = hosts;
    this.counters = counters;
    this.handshakes = handshakes;
  }

  /// With Bouncy Castle's own provider, which knows ChaCha20 by the name that its TLS asks for.
  static TlsCrypto crypto(SecureRandom random) {
    return new JcaTlsCryptoProvider().setProvider(new BouncyCastleProvider()).create(random);
  }

  @Override
  public void addTo(ChannelPipeline pipeline, Duration patience) {
    PskServer server = new PskServer(crypto, keys, hosts);
    TlsServerProtocol protocol = new TlsServerProtocol();
    pipeline.channel().attr(SERVER).set(server);
    pipeline.addLast(
        new PskTlsHandler(
            protocol,
            () -> protocol.accept(server),
            patience.toMillis(),
            counters::failedHandshake,
            handshakes));
  }

  @Override
  public TlsPeer peer(ChannelHandlerContext context, long connection) {
    PskServer server = context.channel().attr(SERVER).get();
    return new TlsPeer(
        server.protocol(), "", server.cipherSuite(), connection, null, server.identity());
  }

  /// Bouncy Castle ends both directions at once; the connection ends a moment later.
  @Override
  public void endOutput(ChannelHandlerContext context) {}
}
