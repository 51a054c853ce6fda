package parley.gateway.keying;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bounded place where expensive verification waits, fair by group and by source.
///
/// The workers take a job of each group in turn ([FairQueue]), so whoever floods delays only the
/// group whose key he has. What is new and what repeats something known wait apart and are taken by
/// turns: when many bursts begin at once, their repeats cannot keep a burst out that nobody has
/// heard yet, and new ones cannot starve the repeats. A job that does not fit is refused at once
/// and never waits (wire profile, section 4, step 3). Only messages with a valid MAC may be charged
/// to a group. Thread-safe; jobs run on the pool's own daemon threads.
public final class VerifyPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VerifyPool.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final FairQueue firsts;
  private final FairQueue repeats;
  private final List<Thread> workers = new ArrayList<>();
  private boolean isRepeatsTurn;
  private boolean closed;

  /// @param bounds of what is new, and once more of what repeats
  public VerifyPool(String name, int threads, PoolBounds bounds) {
    if (threads < 1) {
      throw new IllegalArgumentException("a pool needs a thread");
    }
    firsts = new FairQueue(bounds);
    repeats = new FairQueue(bounds);
    for (int i = 0; i < threads; i++) {
      workers.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(this::run));
    }
  }

  /// Queues what is new; false when a bound is reached.
  ///
  /// @param group whose key the sender has proved to hold; the source again where nothing is proved
  public boolean submit(Object group, Object source, Runnable job) {
    return submit(firsts, group, source, job);
  }

  /// Queues what repeats something known; false when a bound is reached.
  public boolean submitRepeat(Object group, Object source, Runnable job) {
    return submit(repeats, group, source, job);
  }

  private boolean submit(FairQueue queue, Object group, Object source, Runnable job) {
    lock.lock();
    try {
      boolean queued = !closed && queue.offer(group, source, job);
      if (queued) {
        work.signal();
      }
      return queued;
    } finally {
      lock.unlock();
    }
  }

  /// Jobs that wait now.
  public int depth() {
    lock.lock();
    try {
      return firsts.size() + repeats.size();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      Runnable job;
      try {
        job = next();
      } catch (InterruptedException _) {
        return;
      }
      try {
        job.run();
      } catch (RuntimeException e) {
        LOG.error("a verification job failed; its message is dropped", e);
      }
    }
  }

  private Runnable next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        Runnable job = poll();
        if (job != null) {
          return job;
        }
        work.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Runnable poll() {
    isRepeatsTurn = !isRepeatsTurn;
    Runnable job = isRepeatsTurn ? repeats.poll() : firsts.poll();
    if (job == null) {
      job = isRepeatsTurn ? firsts.poll() : repeats.poll();
    }
    return job;
  }

  /// Stops the workers; what still waits is dropped.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      firsts.clear();
      repeats.clear();
    } finally {
      lock.unlock();
    }
    workers.forEach(Thread::interrupt);
  }
}
