package parley.keys.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the PostgreSQL server is and who we are there. The password is in a file, whose first line
/// is read at each new connection, so it may be changed while the program runs; a client
/// certificate may stand in for it.
///
/// @param rootCertificate PEM of the authority that signed the server's certificate, which must
///   name `host`; null means no TLS, which only this host itself is spoken to with
/// @param certificate PEM of our own certificate, null without
/// @param privateKey its key as PKCS #8 in DER, null without
/// @param connections at most so many at once
public record PostgresSettings(
    String host,
    int port,
    String database,
    String user,
    @Nullable Path passwordFile,
    @Nullable Path rootCertificate,
    @Nullable Path certificate,
    @Nullable Path privateKey,
    int connections) {
  public static final int DEFAULT_PORT = 5432;
  public static final int DEFAULT_CONNECTIONS = 8;

  /// With a password, over TLS where there is a root certificate.
  public static PostgresSettings of(
      String host,
      int port,
      String database,
      String user,
      Path passwordFile,
      @Nullable Path rootCertificate) {
    return new PostgresSettings(
        host, port, database, user, passwordFile, rootCertificate, null, null, DEFAULT_CONNECTIONS);
  }

  /// For sentences and log lines.
  String name() {
    return "%s on %s:%d".formatted(database, host, port);
  }
}
