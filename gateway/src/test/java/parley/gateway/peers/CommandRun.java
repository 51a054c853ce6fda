package parley.gateway.peers;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import parley.gateway.cli.Parley;

/// One command of ours on a thread of this process.
final class CommandRun {
  private static final long PATIENCE_SECONDS = 60;

  private final StringWriter said = new StringWriter();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

  static CommandRun start(Object... words) {
    String[] args = new String[words.length];
    for (int i = 0; i < args.length; i++) {
      args[i] = words[i].toString();
    }
    CommandRun run = new CommandRun();
    Thread.ofPlatform().daemon().start(() -> run.run(args));
    return run;
  }

  private void run(String[] args) {
    var writer = new PrintWriter(said, true);
    exitCode.complete(Parley.commandLine().setOut(writer).setErr(writer).execute(args));
  }

  /// What it has printed so far, on either stream.
  String said() {
    return said.toString();
  }

  /// Waits until it has said that, and fails when it ends without.
  void awaitLine(String part) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!said().contains(part)) {
      if (exitCode.isDone() || System.nanoTime() - deadline > 0) {
        throw new AssertionError("it never said '" + part + "', but: " + said());
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /// Waits for its end.
  CommandRun await() throws Exception {
    try {
      exitCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return this;
    } catch (TimeoutException e) {
      throw new AssertionError("it does not end: " + said(), e);
    }
  }

  int exitCode() {
    return exitCode.join();
  }
}
