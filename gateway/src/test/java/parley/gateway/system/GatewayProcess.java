package parley.gateway.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.gateway.cli.Parley;

/// `parley gateway --config` in a JVM of its own, ready when the constructor returns.
public final class GatewayProcess implements AutoCloseable {
  private static final Pattern MIKEY = Pattern.compile("\"mikey\":\"[^\"]*:(\\d+)\"");
  private static final Pattern ADMIN = Pattern.compile("\"admin\":\"[^\"]*:(\\d+)\"");
  private static final Pattern GRAVE = Pattern.compile("\"level\":\"(WARN|ERROR)\"");
  private static final int PATIENCE_SECONDS = 30;
  private static final int START_PATIENCE_SECONDS = 120;
  private static final int REMEMBERED_LINES = 400;

  /// A JVM that inherits an ignored SIGHUP, as under nohup(1), ignores it for good.
  private static final List<String> HEARS_HANGUP =
      System.getProperty("os.name").equals("Linux")
          ? List.of("env", "--default-signal=HUP")
          : List.of();

  private final Process process;
  private final Deque<String> lines = new ArrayDeque<>();
  private final Deque<String> grave = new ArrayDeque<>();
  private int mikeyPort = -1;
  private int adminPort = -1;
  private long linesSoFar;
  private boolean ended;

  public GatewayProcess(Path config) throws IOException {
    this(start(List.of(), List.of(), config));
    awaitReady();
  }

  private GatewayProcess(Process process) {
    this.process = process;
    BufferedReader log = process.errorReader(StandardCharsets.UTF_8);
    Thread.ofVirtual().start(() -> read(log));
  }

  /// Starts it and does not wait.
  ///
  /// @param within a command that runs other commands, as `ip netns exec NAME`; may be empty
  public static GatewayProcess launch(List<String> within, List<String> jvmOptions, Path config)
      throws IOException {
    return new GatewayProcess(start(within, jvmOptions, config));
  }

  /// How a gateway ended that could not start.
  ///
  /// @param sentences what it said beside its log lines
  record Refused(int exitCode, List<String> sentences, String everything) {}

  /// Runs it until it gives up.
  static Refused refused(Path config) throws Exception {
    Process process = start(List.of(), List.of(), config);
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

  private static Process start(List<String> within, List<String> jvmOptions, Path config)
      throws IOException {
    List<String> command = new ArrayList<>(within);
    command.addAll(HEARS_HANGUP);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Parley.class.getName()));
    command.addAll(List.of("gateway", "--config", config.toString(), "--log=json"));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /// A full pipe would stop the gateway at its next log line; so this reads until it ends.
  private void read(BufferedReader log) {
    try (log) {
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        note(line);
      }
    } catch (IOException _) {
      // killed
    } finally {
      end();
    }
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  private synchronized void note(String line) {
    remember(lines, line);
    linesSoFar++;
    if (GRAVE.matcher(line).find() || !line.startsWith("{")) {
      remember(grave, line);
    }
    Matcher mikey = MIKEY.matcher(line);
    if (line.contains("gateway ready") && mikey.find()) {
      mikeyPort = Integer.parseInt(mikey.group(1));
    }
    Matcher admin = ADMIN.matcher(line);
    if (line.contains("admin ready") && admin.find()) {
      adminPort = Integer.parseInt(admin.group(1));
    }
    notifyAll();
  }

  private static void remember(Deque<String> memory, String line) {
    memory.add(line);
    if (memory.size() > REMEMBERED_LINES) {
      memory.removeFirst();
    }
  }

  /// Returns when it says that it is ready; fails when it ends before.
  public synchronized void awaitReady() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_PATIENCE_SECONDS);
    while (mikeyPort < 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (ended || left <= 0) {
        process.destroyForcibly();
        throw new AssertionError((ended ? "the gateway ended: " : "it is not ready: ") + lines);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }

  /// How many log lines there were, for [#saidSince].
  public synchronized long lines() {
    return linesSoFar;
  }

  /// The first line behind the first `before` ones that contains this, as long as it is among the
  /// last few hundred.
  public synchronized Optional<String> saidSince(long before, String words) {
    long forgotten = linesSoFar - lines.size();
    return lines.stream()
        .skip(Math.max(0, before - forgotten))
        .filter(line -> line.contains(words))
        .findFirst();
  }

  /// Warnings, errors and whatever is no log line, the last few hundred.
  public synchronized List<String> graveLines() {
    return List.copyOf(grave);
  }

  /// The port that the system chose for MIKEY.
  public synchronized int mikeyPort() {
    return mikeyPort;
  }

  /// The port of the admin server, once it is open.
  public int adminPort() throws Exception {
    Await.until("the admin server is ready", () -> adminPortSoFar() >= 0);
    return adminPortSoFar();
  }

  private synchronized int adminPortSoFar() {
    return adminPort;
  }

  /// The last few hundred lines of its log.
  public synchronized List<String> log() {
    return List.copyOf(lines);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// `HUP`, for example.
  public void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    if (new ProcessBuilder("sh", "-c", "kill -%s %s".formatted(name, pid)).start().waitFor() != 0) {
      throw new AssertionError("there is no process " + pid);
    }
  }

  /// SIGKILL.
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not die");
    }
  }

  /// SIGTERM; the exit code. [Process#destroy] would close the log before its last lines.
  public int stop() throws IOException, InterruptedException {
    signal("TERM");
    return awaitEnd();
  }

  /// The exit code of a process that ends by itself.
  public int awaitEnd() throws InterruptedException {
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
