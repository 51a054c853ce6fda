package parley.gateway.keying;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bounded place where expensive verification waits, fair by source.
///
/// Every source has a queue of its own and the workers take one job from each in turn, so a source
/// that floods delays only itself. Both the queue of one source and the sum of all are bounded; a
/// job that does not fit is refused at once and never waits (wire profile, section 4, step 3). Only
/// messages with a valid MAC may be offered. Thread-safe; jobs run on the pool's own daemon
/// threads.
public final class VerifyPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VerifyPool.class);

  private final int perSource;
  private final int total;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Map<Object, ArrayDeque<Runnable>> queues = new HashMap<>();
  private final ArrayDeque<Object> turns = new ArrayDeque<>();
  private final List<Thread> workers = new ArrayList<>();
  private int waiting;
  private boolean closed;

  public VerifyPool(String name, int threads, int perSource, int total) {
    if (threads < 1 || perSource < 1 || total < perSource) {
      throw new IllegalArgumentException("a pool needs a thread and total >= per source >= 1");
    }
    this.perSource = perSource;
    this.total = total;
    for (int i = 0; i < threads; i++) {
      workers.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(this::run));
    }
  }

  /// Queues `job` for `source`; false when the source's or the pool's bound is reached.
  public boolean submit(Object source, Runnable job) {
    lock.lock();
    try {
      if (closed || waiting >= total) {
        return false;
      }
      ArrayDeque<Runnable> queue = queues.get(source);
      if (queue == null) {
        queue = new ArrayDeque<>();
        queues.put(source, queue);
        turns.add(source);
      } else if (queue.size() >= perSource) {
        return false;
      }
      queue.add(job);
      waiting++;
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Jobs that wait now.
  public int depth() {
    lock.lock();
    try {
      return waiting;
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
      while (waiting == 0) {
        work.await();
      }
      Object source = turns.remove();
      ArrayDeque<Runnable> queue = queues.get(source);
      if (queue == null) {
        throw new IllegalStateException("a source has a turn but no queue");
      }
      Runnable job = queue.remove();
      waiting--;
      if (queue.isEmpty()) {
        queues.remove(source);
      } else {
        turns.add(source);
      }
      return job;
    } finally {
      lock.unlock();
    }
  }

  /// Stops the workers; what still waits is dropped.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting = 0;
      queues.clear();
      turns.clear();
    } finally {
      lock.unlock();
    }
    workers.forEach(Thread::interrupt);
  }
}
