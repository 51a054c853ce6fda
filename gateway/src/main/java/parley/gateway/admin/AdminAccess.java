package parley.gateway.admin;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.AdminConfig;
import parley.gateway.config.TlsConfig;

/// The certificates and tokens of an [AdminConfig], read and checked. Never altered: a reload makes
/// a new one.
public final class AdminAccess {
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /// Authenticated encryption and ephemeral keys only.
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final AdminConfig config;
  private final @Nullable SslContext tls;
  private final @Nullable Instant expiry;
  private final @Nullable TokensFile tokens;

  private AdminAccess(
      AdminConfig config,
      @Nullable SslContext tls,
      @Nullable Instant expiry,
      @Nullable TokensFile tokens) {
    this.config = config;
    this.tls = tls;
    this.expiry = expiry;
    this.tokens = tokens;
  }

  /// Reads what `config` names.
  ///
  /// @throws AccessRefused for a file that cannot be used, a certificate that is not valid at
  ///   `now`, or a key of another certificate
  public static AdminAccess load(AdminConfig config, Instant now) throws AccessRefused {
    TokensFile tokens =
        config.tokens() == null
            ? null
            : read("admin.tokens", config.tokens(), AdminAccess::someTokens);
    TlsConfig files = config.tls();
    if (files == null) {
      return new AdminAccess(config, null, null, tokens);
    }
    List<X509Certificate> chain =
        read("admin.tls.certificate", files.certificate(), PemFiles::certificates);
    for (X509Certificate certificate : chain) {
      checkPeriod("admin.tls.certificate", files.certificate(), certificate, now);
    }
    PrivateKey key =
        read("admin.tls.key", files.key(), file -> PemFiles.key(file, chain.getFirst()));
    Instant expiry =
        chain.stream().map(c -> c.getNotAfter().toInstant()).min(Instant::compareTo).orElseThrow();
    return new AdminAccess(config, context(files, key, chain, now), expiry, tokens);
  }

  private static TokensFile someTokens(Path file) {
    TokensFile tokens = TokensFile.read(file);
    if (tokens.tokens().isEmpty()) {
      throw new IllegalArgumentException(file + " has no token; 'parley token' makes one");
    }
    return tokens;
  }

  private static SslContext context(
      TlsConfig files, PrivateKey key, List<X509Certificate> chain, Instant now)
      throws AccessRefused {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(key, chain)
              .sslProvider(SslProvider.JDK)
              .protocols(PROTOCOLS)
              .ciphers(CIPHERS);
      if (files.clientCa() != null) {
        List<X509Certificate> authorities =
            read("admin.tls.client-ca", files.clientCa(), PemFiles::certificates);
        for (X509Certificate authority : authorities) {
          checkPeriod("admin.tls.client-ca", files.clientCa(), authority, now);
        }
        builder.trustManager(authorities).clientAuth(ClientAuth.OPTIONAL);
      }
      return builder.build();
    } catch (SSLException e) {
      throw new AccessRefused("admin.tls", "these files make no TLS server: " + e.getMessage(), e);
    }
  }

  private static void checkPeriod(
      String setting, Path file, X509Certificate certificate, Instant now) throws AccessRefused {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isAfter(until)) {
      throw new AccessRefused(setting, "%s expired at %s; renew it".formatted(file, until));
    }
    if (now.isBefore(from)) {
      throw new AccessRefused(
          setting, "%s is not valid before %s; check the clock".formatted(file, from));
    }
  }

  private static <T> T read(String setting, Path file, Function<Path, T> reader)
      throws AccessRefused {
    try {
      return reader.apply(file);
    } catch (IllegalArgumentException e) {
      throw new AccessRefused(setting, String.valueOf(e.getMessage()), e);
    }
  }

  AdminConfig config() {
    return config;
  }

  /// Null where HTTP is in clear.
  @Nullable SslContext tls() {
    return tls;
  }

  /// How long the certificates are valid from `now`; empty without TLS.
  Optional<Duration> left(Instant now) {
    return expiry == null ? Optional.empty() : Optional.of(Duration.between(now, expiry));
  }

  List<AccessToken> tokens() {
    return tokens == null ? List.of() : tokens.tokens();
  }

  Optional<AccessToken> find(String token) {
    return tokens == null ? Optional.empty() : tokens.find(token);
  }
}
