package parley.gateway.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/// `--config FILE` or `--check FILE`, which the `run` of every server has, and its life between two
/// signals.
final class RunOptions {
  private static final Logger LOG = LoggerFactory.getLogger(RunOptions.class);
  private static final long LOOK_SECONDS = 3600;

  @Option(names = "--config", paramLabel = "FILE", description = "Run with this configuration.")
  @Nullable Path config;

  @Option(names = "--check", paramLabel = "FILE", description = "Check it and start nothing.")
  @Nullable Path check;

  /// What is done with the file that was named.
  @FunctionalInterface
  interface Act {
    void with(Path file) throws Exception;
  }

  int call(Act checking, Act running) throws Exception {
    if (check != null && config == null) {
      checking.with(check);
    } else if (config != null && check == null) {
      running.with(config);
    } else {
      throw new CommandFailed(ExitCode.USAGE, "give --config FILE to run, or --check FILE");
    }
    return ExitCode.OK.code();
  }

  /// Returns at SIGTERM or Ctrl-C; `reload` is run at each SIGHUP.
  static void serve(Signals signals, Runnable reload) throws InterruptedException {
    while (true) {
      Signals.Signal signal = signals.await(LOOK_SECONDS);
      if (signal == Signals.Signal.STOP) {
        LOG.info("stopping");
        return;
      } else if (signal == Signals.Signal.RELOAD) {
        reload.run();
      }
    }
  }
}
