package parley.gateway.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.gateway.cli.Parley;

/// `parley gateway --config` in a JVM of its own, ready when the constructor returns.
final class GatewayProcess implements AutoCloseable {
  private static final Pattern MIKEY = Pattern.compile("\"mikey\":\"[^\"]*:(\\d+)\"");
  private static final Pattern ADMIN = Pattern.compile("\"admin\":\"[^\"]*:(\\d+)\"");
  private static final int PATIENCE_SECONDS = 30;

  private final Process process;
  private final int mikeyPort;
  private final List<String> log = new CopyOnWriteArrayList<>();

  GatewayProcess(Path config) throws IOException {
    process = start(config);
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    mikeyPort = awaitReady(err);
    Thread.ofVirtual().start(() -> drain(err));
  }

  /// How a gateway ended that could not start.
  ///
  /// @param sentences what it said beside its log lines
  record Refused(int exitCode, List<String> sentences, String everything) {}

  /// Runs it until it gives up.
  static Refused refused(Path config) throws Exception {
    Process process = start(config);
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      List<String> lines = err.lines().toList();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end: " + lines);
      }
      List<String> sentences = lines.stream().filter(line -> !line.startsWith("{")).toList();
      return new Refused(process.exitValue(), sentences, String.join("\n", lines));
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(Path config) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Parley.class.getName()));
    command.addAll(List.of("gateway", "--config", config.toString(), "--log=json"));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static int awaitReady(BufferedReader log) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      lines.add(line);
      Matcher found = MIKEY.matcher(line);
      if (line.contains("gateway ready") && found.find()) {
        return Integer.parseInt(found.group(1));
      }
    }
    throw new AssertionError("the gateway ended: " + lines);
  }

  /// A full pipe would stop the gateway at its next log line.
  private void drain(BufferedReader err) {
    try (err) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        log.add(line);
      }
    } catch (IOException _) {
      // killed
    }
  }

  /// The port that the system chose for MIKEY.
  int mikeyPort() {
    return mikeyPort;
  }

  /// The port that the system chose for the admin server.
  int adminPort() throws Exception {
    Await.until("the admin server is ready", () -> find(ADMIN).isPresent());
    return Integer.parseInt(find(ADMIN).orElseThrow());
  }

  private Optional<String> find(Pattern pattern) {
    return log.stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(m -> m.group(1))
        .findFirst();
  }

  /// What it has logged since it was ready.
  List<String> log() {
    return log;
  }

  /// SIGHUP, for example.
  void signal(String name) throws Exception {
    Process kill =
        new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(name, process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("there is no process " + process.pid());
    }
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not die");
    }
  }

  /// SIGTERM; the exit code.
  int stop() throws InterruptedException {
    process.destroy();
    return awaitEnd();
  }

  /// The exit code of a process that ends by itself.
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not stop");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
