package parley.gateway.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.gateway.cli.Parley;

/// `parley gateway --config` in a JVM of its own, ready when the constructor returns.
final class GatewayProcess implements AutoCloseable {
  private static final Pattern MIKEY = Pattern.compile("\"mikey\":\"[^\"]*:(\\d+)\"");

  private final Process process;
  private final int mikeyPort;

  GatewayProcess(Path config) throws IOException {
    process =
        new ProcessBuilder(command(config)).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader log = process.errorReader(StandardCharsets.UTF_8);
    mikeyPort = awaitReady(log);
    Thread.ofPlatform().daemon().start(() -> log.lines().forEach(_ -> {}));
  }

  private static List<String> command(Path config) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Parley.class.getName()));
    command.addAll(List.of("gateway", "--config", config.toString(), "--log=json"));
    return command;
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

  /// The port that the system chose for MIKEY.
  int mikeyPort() {
    return mikeyPort;
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not die");
    }
  }

  /// SIGTERM; the exit code.
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not stop");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
