package parley.keys.http;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The certificate and key of a TLS server, read and checked, and whom it believes. Never altered:
/// new files make a new one.
public final class ServerTls {
  private final SslContext context;
  private final X509Certificate certificate;
  private final Instant expiry;

  private ServerTls(SslContext context, X509Certificate certificate, Instant expiry) {
    this.context = context;
    this.certificate = certificate;
    this.expiry = expiry;
  }

  /// @param certificate its own, followed by those of the authorities between it and the root
  /// @param key PKCS #8, without a passphrase
  /// @param clientCa the authorities whose certificates are believed of clients; null where clients
  ///   are asked for none
  /// @throws TlsRefused for a file that cannot be used, a certificate that is not valid at `now`,
  ///   or a key of another certificate
  public static ServerTls load(Path certificate, Path key, @Nullable Path clientCa, Instant now)
      throws TlsRefused {
    List<X509Certificate> chain = read("certificate", certificate, PemFiles::certificates);
    checkPeriods("certificate", certificate, chain, now);
    X509Certificate own = chain.getFirst();
    PrivateKey secret = read("key", key, file -> PemFiles.key(file, own));
    List<X509Certificate> believed =
        clientCa == null ? List.of() : read("client-ca", clientCa, PemFiles::certificates);
    if (clientCa != null) {
      checkPeriods("client-ca", clientCa, believed, now);
    }
    Instant expiry =
        chain.stream().map(c -> c.getNotAfter().toInstant()).min(Instant::compareTo).orElseThrow();
    return new ServerTls(context(secret, chain, believed), own, expiry);
  }

  private static SslContext context(
      PrivateKey key, List<X509Certificate> chain, List<X509Certificate> believed)
      throws TlsRefused {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(key, chain)
              .sslProvider(SslProvider.JDK)
              .protocols(TlsSuites.PROTOCOLS)
              .ciphers(TlsSuites.NAMES);
      if (!believed.isEmpty()) {
        builder.trustManager(believed).clientAuth(ClientAuth.OPTIONAL);
      }
      return builder.build();
    } catch (SSLException e) {
      throw new TlsRefused("", "these files make no TLS server: " + e.getMessage(), e);
    }
  }

  static void checkPeriods(
      String setting, Path file, List<X509Certificate> certificates, Instant now)
      throws TlsRefused {
    for (X509Certificate certificate : certificates) {
      Instant from = certificate.getNotBefore().toInstant();
      Instant until = certificate.getNotAfter().toInstant();
      if (now.isAfter(until)) {
        throw new TlsRefused(setting, "%s expired at %s; renew it".formatted(file, until));
      }
      if (now.isBefore(from)) {
        throw new TlsRefused(
            setting, "%s is not valid before %s; check the clock".formatted(file, from));
      }
    }
  }

  static <T> T read(String setting, Path file, Function<Path, T> reader) throws TlsRefused {
    try {
      return reader.apply(file);
    } catch (IllegalArgumentException e) {
      throw new TlsRefused(setting, String.valueOf(e.getMessage()), e);
    }
  }

  /// For a channel's pipeline.
  public SslContext context() {
    return context;
  }

  /// The server's own certificate.
  public X509Certificate certificate() {
    return certificate;
  }

  /// When the first certificate of its chain ends.
  public Instant expiry() {
    return expiry;
  }
}
