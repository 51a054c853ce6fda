package parley.gateway.cli;

import java.io.PrintWriter;
import java.util.function.DoubleConsumer;

/// One line on the terminal that says how far a long job is; silent for the first second, and where
/// nobody looks.
final class ProgressLine implements DoubleConsumer {
  private static final long PATIENCE_NANOS = 1_000_000_000L;
  private static final long EVERY_NANOS = 200_000_000L;

  private final PrintWriter err;
  private final String name;
  private final boolean isTerminal = Colours.isTerminal();
  private long nextNanos = System.nanoTime() + PATIENCE_NANOS;
  private boolean shown;

  ProgressLine(PrintWriter err, String name) {
    this.err = err;
    this.name = name;
  }

  @Override
  public void accept(double done) {
    long now = System.nanoTime();
    if (isTerminal && now - nextNanos >= 0) {
      err.printf("\r%s: %3.0f %%", name, done * 100);
      err.flush();
      shown = true;
      nextNanos = now + EVERY_NANOS;
    }
  }

  void end() {
    if (shown) {
      err.println();
    }
  }
}
