package parley.gateway.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import parley.gateway.ue.Ear;
import parley.gateway.ue.HeardBurst;

/// One listener of the demo: says whom it hears, and keeps what it heard.
final class Spectator implements Ear {
  private final String name;
  private final Terminal terminal;
  private final List<HeardBurst> heard = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  Spectator(String name, Terminal terminal) {
    this.name = name;
    this.terminal = terminal;
  }

  String name() {
    return name;
  }

  @Override
  public void begins(HeardBurst burst) {
    terminal.step(name + " hears " + burst.speaker());
  }

  @Override
  public void ended(HeardBurst burst) {
    lock.lock();
    try {
      heard.add(burst);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The burst that began as `csbId` on the talker's side, once it has ended; waits for it.
  Optional<HeardBurst> burst(int csbId, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (find(csbId).isEmpty() && left > 0) {
        left = more.awaitNanos(left);
      }
      return find(csbId);
    } finally {
      lock.unlock();
    }
  }

  private Optional<HeardBurst> find(int csbId) {
    return heard.stream().filter(burst -> originalCsbId(burst) == csbId).findFirst();
  }

  private static int originalCsbId(HeardBurst burst) {
    var origin = burst.origin();
    return origin == null ? burst.csbId() : origin.csbId();
  }
}
