package parley.gateway.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What Ctrl-C starts in a command that runs until it has ended well: stops it, and holds the JVM
/// back until it has finished or its time is over. Taken back when closed.
final class InterruptHook implements AutoCloseable {
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread thread;

  private InterruptHook(Runnable stop, long patienceSeconds, Runnable late) {
    thread = new Thread(() -> stopAndWait(stop, patienceSeconds, late), "interrupted");
  }

  /// Runs `stop` on Ctrl-C, and `late` when it was not closed within so many seconds of it.
  static InterruptHook install(Runnable stop, long patienceSeconds, Runnable late) {
    var hook = new InterruptHook(stop, patienceSeconds, late);
    Runtime.getRuntime().addShutdownHook(hook.thread);
    return hook;
  }

  private void stopAndWait(Runnable stop, long patienceSeconds, Runnable late) {
    stop.run();
    try {
      boolean inTime = finished.await(patienceSeconds, TimeUnit.SECONDS);
      if (!inTime) {
        late.run();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException _) {
      // the hooks run already
    }
  }
}
