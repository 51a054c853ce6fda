package parley.keys.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server is known by its certificate, and one that forgets commits is refused.
class PostgresTlsTest {
  @TempDir Path directory;

  @Test
  void speaksTlsToTheServerThatTheCertificateNames() throws Exception {
    Path certificate = certificate("server", "localhost");
    Path stranger = certificate("stranger", "localhost");
    try (PostgresServer server = PostgresServer.start()) {
      PostgresSettings plain = server.database("d");
      PostgresServer.own(server.home(), "tls.pem", Files.readString(certificate));
      PostgresServer.own(server.home(), "tls.key", Files.readString(keyOf(certificate)));
      server.sql("postgres", "ALTER SYSTEM SET ssl_cert_file = '" + server.home() + "/tls.pem'");
      server.sql("postgres", "ALTER SYSTEM SET ssl_key_file = '" + server.home() + "/tls.key'");
      server.sql("postgres", "ALTER SYSTEM SET ssl = on");
      server.sql("postgres", "SELECT pg_reload_conf()");

      try (Database database =
          Database.postgresql(over(plain, "localhost", certificate), Tables.BOTH)) {
        assertThat(
                Tables.number(
                    database,
                    "SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"))
            .isEqualTo(1);
      }
      assertThatThrownBy(
              () -> Database.postgresql(over(plain, "127.0.0.1", certificate), Tables.BOTH))
          .isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> Database.postgresql(over(plain, "localhost", stranger), Tables.BOTH))
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void refusesAServerThatForgetsCommits() throws Exception {
    try (PostgresServer server = PostgresServer.start("synchronous_commit=off")) {
      PostgresSettings settings = server.database("d");

      assertThatThrownBy(() -> Database.postgresql(settings, Tables.BOTH))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("set synchronous_commit = on");
    }
  }

  private static PostgresSettings over(PostgresSettings plain, String host, Path certificate) {
    return PostgresSettings.of(
        host,
        plain.port(),
        plain.database(),
        plain.user(),
        Path.of(String.valueOf(plain.passwordFile())),
        certificate);
  }

  private Path certificate(String name, String host) throws Exception {
    Path file = directory.resolve(name + ".pem");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + host,
                "-addext",
                "subjectAltName=DNS:" + host,
                "-keyout",
                keyOf(file).toString(),
                "-out",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(
            openssl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(openssl.waitFor()).as(said).isZero();
    return file;
  }

  private static Path keyOf(Path certificate) {
    return certificate.resolveSibling(certificate.getFileName() + ".key");
  }
}
