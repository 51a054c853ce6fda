package parley.gateway.system;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for what another process or another thread will have done, and fails when it never does.
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private Await() {}

  public static void until(String what, Callable<Boolean> reached) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!reached.call()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }
}
