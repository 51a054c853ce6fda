package parley.gateway.ue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A media engine in a process of its own, started once. It shares our terminal, input and output.
///
/// Any thread.
public final class EngineProcess {
  private static final String PREFIX = "PARLEY_";
  private static final Duration INTERRUPT_PATIENCE = Duration.ofSeconds(5);
  private static final Duration TERM_PATIENCE = Duration.ofSeconds(2);

  private final Process process;

  private EngineProcess(Process process) {
    this.process = process;
  }

  /// Starts `command` with `variables` in place of every PARLEY_ variable of our own.
  ///
  /// @throws IOException when there is no such program
  public static EngineProcess start(List<String> command, Map<String, String> variables)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith(PREFIX));
    environment.putAll(variables);
    try {
      return new EngineProcess(builder.start());
    } finally {
      environment.keySet().removeAll(variables.keySet());
    }
  }

  public long pid() {
    return process.pid();
  }

  /// The exit code, as a shell has it: 128 and the signal where one ended it. Waits at most
  /// `limit`.
  ///
  /// @return -1 when it still runs then
  public int await(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS) ? process.exitValue() : -1;
  }

  /// Ends it and what it has started: SIGINT, on which media engines finish their files, 5 s later
  /// SIGTERM, 2 s later SIGKILL. Returns when all of it has ended.
  public void stop() throws InterruptedException {
    List<ProcessHandle> family =
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
            .filter(ProcessHandle::isAlive)
            .toList();
    interrupt(family);
    if (!haveEnded(family, INTERRUPT_PATIENCE)) {
      family.forEach(ProcessHandle::destroy);
    }
    if (!haveEnded(family, TERM_PATIENCE)) {
      family.forEach(ProcessHandle::destroyForcibly);
    }
    process.waitFor();
  }

  private static boolean haveEnded(List<ProcessHandle> family, Duration within)
      throws InterruptedException {
    CompletableFuture<?>[] ends =
        family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(within.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | TimeoutException _) {
      return false;
    }
  }

  /// Java knows no SIGINT, every shell does.
  private static void interrupt(List<ProcessHandle> family) throws InterruptedException {
    for (ProcessHandle one : family) {
      try {
        new ProcessBuilder("/bin/sh", "-c", "kill -s INT \"$0\" 2>/dev/null", "" + one.pid())
            .start()
            .waitFor();
      } catch (IOException _) {
        one.destroy(); // no shell here
      }
    }
  }
}
