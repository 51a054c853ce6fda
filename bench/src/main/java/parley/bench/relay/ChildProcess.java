package parley.bench.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process of the testbed, on the cores that it is given. What it says to standard error goes to
/// a file; standard output is for its answers.
public final class ChildProcess implements AutoCloseable {
  private static final long ENDS_WITHIN_SECONDS = 10;

  private final Process process;
  private final Path log;
  private final Writer in;
  private final BufferedReader out;

  private ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /// Starts `command` whose answers are read line by line.
  static ChildProcess conversing(List<String> command, Cores cores, Path log) throws IOException {
    return start(builder(command, cores).redirectError(log.toFile()), log);
  }

  /// Starts `command` whose every output goes to `log`.
  static ChildProcess logging(List<String> command, Cores cores, Path log) throws IOException {
    return start(
        builder(command, cores).redirectErrorStream(true).redirectOutput(log.toFile()), log);
  }

  private static ProcessBuilder builder(List<String> command, Cores cores) {
    List<String> all = new ArrayList<>(cores.prefix());
    all.addAll(command);
    return new ProcessBuilder(all);
  }

  private static ChildProcess start(ProcessBuilder builder, Path log) throws IOException {
    return new ChildProcess(builder.start(), log);
  }

  public long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Sends a line.
  void say(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  /// The next line that begins with `word`, without it.
  String answer(String word) throws IOException {
    String line = out.readLine();
    if (line == null || !line.startsWith(word)) {
      throw new IOException("expected '%s', got '%s'; %s".formatted(word, line, lastWords()));
    }
    return line.substring(word.length()).strip();
  }

  /// The end of what it wrote to its log, on one line.
  public String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  /// SIGTERM, and SIGKILL for one that does not go.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
