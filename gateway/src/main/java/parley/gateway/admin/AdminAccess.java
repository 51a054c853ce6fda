package parley.gateway.admin;

import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.AdminConfig;
import parley.gateway.config.TlsConfig;
import parley.keys.http.ServerTls;
import parley.keys.http.TlsRefused;

/// The certificates and tokens of an [AdminConfig], read and checked. Never altered: a reload makes
/// a new one.
public final class AdminAccess {
  private final AdminConfig config;
  private final @Nullable ServerTls tls;
  private final @Nullable TokensFile tokens;

  private AdminAccess(AdminConfig config, @Nullable ServerTls tls, @Nullable TokensFile tokens) {
    this.config = config;
    this.tls = tls;
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
      return new AdminAccess(config, null, tokens);
    }
    try {
      ServerTls tls = ServerTls.load(files.certificate(), files.key(), files.clientCa(), now);
      return new AdminAccess(config, tls, tokens);
    } catch (TlsRefused e) {
      String setting = e.setting().isEmpty() ? "admin.tls" : "admin.tls." + e.setting();
      throw new AccessRefused(setting, e.sentence(), e);
    }
  }

  private static TokensFile someTokens(Path file) {
    TokensFile tokens = TokensFile.read(file);
    if (tokens.tokens().isEmpty()) {
      throw new IllegalArgumentException(file + " has no token; 'parley token' makes one");
    }
    return tokens;
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
    return tls == null ? null : tls.context();
  }

  /// How long the certificates are valid from `now`; empty without TLS.
  Optional<Duration> left(Instant now) {
    return tls == null ? Optional.empty() : Optional.of(Duration.between(now, tls.expiry()));
  }

  List<AccessToken> tokens() {
    return tokens == null ? List.of() : tokens.tokens();
  }

  Optional<AccessToken> find(String token) {
    return tokens == null ? Optional.empty() : tokens.find(token);
  }
}
