package parley.gateway.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import parley.gateway.cli.Parley;

/// Any `parley` command in a JVM of its own, and what it says on either stream.
public final class ParleyProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Process process;
  private final Thread reader;

  /// Starts it and does not wait.
  ///
  /// @param within a command that runs other commands, as `ip netns exec NAME`; may be empty
  public ParleyProcess(List<String> within, Object... words) throws IOException {
    List<String> command = new ArrayList<>(within);
    command.addAll(
        List.of(
            "env", // a JVM that inherits an ignored signal ignores it for good
            "--default-signal=INT,HUP",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", // it is over before the better compiler pays
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            Parley.class.getName()));
    command.addAll(Stream.of(words).map(Object::toString).toList());
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    reader = Thread.ofVirtual().start(() -> read(output));
  }

  private void read(BufferedReader output) {
    try (output) {
      output.lines().forEach(said::add);
    } catch (IOException | RuntimeException _) {
      // killed
    }
  }

  /// Everything so far.
  public List<String> said() {
    return List.copyOf(said);
  }

  /// The first line with these words, when it has been said.
  public String awaitSaying(String words) throws InterruptedException {
    return awaitSaying(words, 1);
  }

  /// The n-th line with these words.
  public String awaitSaying(String words, int n) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      List<String> found = said.stream().filter(line -> line.contains(words)).toList();
      if (found.size() >= n) {
        return found.get(n - 1);
      }
      if (System.nanoTime() - deadline > 0 || (!process.isAlive() && !reader.isAlive())) {
        throw new AssertionError("it never said '" + words + "', but:\n" + String.join("\n", said));
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /// SIGHUP, SIGINT or SIGTERM.
  public void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    if (new ProcessBuilder("kill", "-" + name, pid).start().waitFor() != 0) {
      throw new AssertionError("there is no process " + pid);
    }
  }

  /// SIGKILL; returns when it is gone.
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  /// The exit code of a process that ends by itself.
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end:\n" + String.join("\n", said));
    }
    reader.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
