package parley.keys.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import parley.keys.FreePort;

/// Debian's PostgreSQL on a port of the loopback, for the length of a test class: password over
/// TCP, and whoever runs the tests over its UNIX socket.
///
/// It refuses to run as root; then it runs as the user `postgres`, who comes with the package.
public final class PostgresServer implements AutoCloseable {
  public static final String PASSWORD = "loopback only";
  private static final String USER = "parley";

  private final Path bin;
  private final Path home;
  private final int port;
  private final Process process;

  private PostgresServer(Path bin, Path home, int port, Process process) {
    this.bin = bin;
    this.home = home;
    this.port = port;
    this.process = process;
  }

  /// Starts a new, empty server; skips the test where the package is missing, unless CI runs it.
  ///
  /// @param settings as in `postgresql.conf`, for example `fsync=off`
  public static PostgresServer start(String... settings) throws Exception {
    Path bin = installed();
    Path home = Files.createTempDirectory("parley-postgres");
    if (isRoot()) {
      give(home);
    }
    Path password = own(home, "password", PASSWORD + "\n");
    run(
        bin.resolve("initdb").toString(),
        "--pgdata=" + home.resolve("data"),
        "--username=" + USER,
        "--pwfile=" + password,
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync");
    int port = FreePort.tcp();
    return new PostgresServer(bin, home, port, launch(bin, home, port, settings));
  }

  private static Process launch(Path bin, Path home, int port, String... settings)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                bin.resolve("postgres").toString(),
                "-D",
                home.resolve("data").toString(),
                "-k",
                home.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1"));
    for (String setting : settings) {
      command.addAll(List.of("-c", setting));
    }
    Process process = asPostgres(command).redirectErrorStream(true).start();
    BufferedReader said = process.inputReader(UTF_8);
    var log = new StringBuilder();
    String line = said.readLine();
    while (line != null && !line.contains("ready to accept connections")) {
      log.append(line).append('\n');
      line = said.readLine();
    }
    assertThat(line).as(log.toString()).isNotNull();
    Thread.ofVirtual().start(() -> drain(said));
    return process;
  }

  private static void drain(BufferedReader said) {
    try {
      while (said.readLine() != null) {
        // nobody reads it
      }
    } catch (IOException _) {
      // the server has ended
    }
  }

  /// A new database, with what opens it.
  public PostgresSettings database(String name) throws Exception {
    sql("postgres", "CREATE DATABASE " + name);
    return PostgresSettings.of(
        "127.0.0.1", port, name, USER, own(home, "password", PASSWORD + "\n"), null);
  }

  /// Runs a statement by `psql` over the UNIX socket; what it answers.
  public String sql(String database, String statement) throws Exception {
    return run(
        bin.resolve("psql").toString(),
        "-h",
        home.toString(),
        "-p",
        Integer.toString(port),
        "-U",
        USER,
        "-d",
        database,
        "-qAtX",
        "-v",
        "ON_ERROR_STOP=1",
        "-c",
        statement);
  }

  /// A directory that the server may read.
  Path home() {
    return home;
  }

  int port() {
    return port;
  }

  /// A file of the server's user, mode 0600, that its owner and root may read.
  static Path own(Path home, String name, String content) throws Exception {
    Path file = home.resolve(name);
    Files.writeString(file, content);
    run("chmod", "600", file.toString());
    if (isRoot()) {
      give(file);
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    end();
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(PostgresServer::delete);
    }
  }

  /// SIGQUIT asks for an end at once: nobody needs what is in it any more.
  private void end() throws IOException {
    Process signal =
        new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).inheritIO().start();
    signal.onExit().join();
    try {
      process.onExit().get(20, TimeUnit.SECONDS);
    } catch (Exception _) {
      process.destroyForcibly().onExit().join();
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path installed() throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(versions)) {
      try (Stream<Path> found = Files.list(versions)) {
        var newest =
            found
                .map(version -> version.resolve("bin"))
                .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                .max(Comparator.naturalOrder());
        if (newest.isPresent()) {
          return newest.get();
        }
      }
    }
    String message = "SKIPPED: the Debian package postgresql is not installed";
    System.err.println(message);
    assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
    return Assumptions.abort(message);
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static void give(Path file) throws IOException {
    Files.setOwner(
        file,
        file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
  }

  private static String run(String... command) throws Exception {
    boolean ours = command[0].equals("chmod");
    Process process =
        (ours ? new ProcessBuilder(command) : asPostgres(List.of(command)))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  /// Without a process in between, so that the pid is the server's.
  private static ProcessBuilder asPostgres(List<String> command) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    }
    all.addAll(command);
    return new ProcessBuilder(all).directory(Path.of("/").toFile());
  }
}
