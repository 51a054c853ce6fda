package parley.bench.rig;

import java.util.ArrayDeque;
import java.util.Deque;

/// What was opened and is closed together, the last first; what keeps a part from closing is told,
/// and the others are closed all the same. Any thread.
public final class Opened implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  public synchronized <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /// Closes one part before the others.
  public void release(AutoCloseable part) {
    synchronized (this) {
      parts.remove(part);
    }
    end(part);
  }

  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      end(parts.pop());
    }
  }

  private static void end(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      System.err.println("parley bench: did not close: " + e);
    }
  }
}
