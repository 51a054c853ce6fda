package parley.gateway.record;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Tells when the writer is stuck in a disk that neither works nor refuses: the writer itself
/// cannot. A thread of its own, which touches no disk.
final class StallWatch implements Runnable, AutoCloseable {
  private static final long EVERY_MILLIS = 250;

  private final WatchedStorage disk;
  private final long patienceNanos;
  private final RecorderEvents events;
  private final LongSupplier lostPackets;
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean stalled;
  private long lostBefore;

  /// @param lostPackets of the whole recorder so far
  StallWatch(
      WatchedStorage disk, long patienceNanos, RecorderEvents events, LongSupplier lostPackets) {
    this.disk = disk;
    this.patienceNanos = patienceNanos;
    this.events = events;
    this.lostPackets = lostPackets;
  }

  @Override
  public void run() {
    try {
      while (!closed.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    long waiting = disk.waitingNanos();
    if (!stalled && waiting > patienceNanos) {
      stalled = true;
      lostBefore = lostPackets.getAsLong();
      events.diskStalled(TimeUnit.NANOSECONDS.toSeconds(waiting));
    } else if (stalled && waiting < patienceNanos) {
      stalled = false;
      events.diskStallOver(lostPackets.getAsLong() - lostBefore);
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
