package parley.gateway.ue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.mikey.group.GroupMasterKey;

/// The bursts that a talker keeps ready under the GMK of now, so that who presses the key waits for
/// half a signature and no key derivation.
///
/// A thread of its own makes them, never the loop that sends. Each is given out once; what has
/// become worthless (another GMK is current, or it has waited too long) is never given out, and
/// zeroed within [#UPKEEP]. Thread-safe.
final class BurstSupply implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BurstSupply.class);

  /// At most so long after a change of the GMK nothing is left that was made under the other.
  static final Duration UPKEEP = Duration.ofSeconds(1);

  private final BurstsAhead ahead;
  private final Supplier<Optional<GroupMasterKey>> sending;
  private final Function<GroupMasterKey, PreparedBurst> maker;
  private final InstantSource clock;
  private final Deque<PreparedBurst> ready = new ArrayDeque<>();
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("bursts-ahead").factory());
  private boolean isClosed;

  /// @param sending the GMK that a burst would be under now
  BurstSupply(
      BurstsAhead ahead,
      Supplier<Optional<GroupMasterKey>> sending,
      Function<GroupMasterKey, PreparedBurst> maker,
      InstantSource clock) {
    this.ahead = ahead;
    this.sending = sending;
    this.maker = maker;
    this.clock = clock;
  }

  /// Makes the first ones, and looks after them from now on.
  void start() {
    if (ahead.count() > 0) {
      var _ =
          worker.scheduleWithFixedDelay(this::renew, 0, UPKEEP.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /// One made ahead under `gmk`, or else made here and now; the caller's own. Whoever comes at the
  /// same time gets another.
  PreparedBurst take(GroupMasterKey gmk) {
    PreparedBurst taken = poll(gmk);
    return taken == null ? maker.apply(gmk) : taken;
  }

  private synchronized @Nullable PreparedBurst poll(GroupMasterKey gmk) {
    if (isClosed || ahead.count() == 0) {
      return null;
    }
    dropWorthless(gmk);
    PreparedBurst taken = ready.poll();
    worker.execute(this::renew);
    return taken;
  }

  private synchronized void dropWorthless(@Nullable GroupMasterKey gmk) {
    Instant now = clock.instant();
    ready.removeIf(burst -> {
      boolean isWorthless = gmk == null || burst.isWorthless(gmk, now, ahead);
      if (isWorthless) {
        burst.close();
      }
      return isWorthless;
    });
  }

  /// Zeroes what is worthless and makes what is missing. A fault costs the saving and nothing else:
  /// the next burst is made when it is wanted, and tells what is wrong.
  void renew() {
    try {
      GroupMasterKey gmk = sending.get().orElse(null);
      dropWorthless(gmk);
      while (gmk != null && isMissingOne()) {
        add(maker.apply(gmk));
      }
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("detail", e.getMessage()).log("no burst was made ahead");
    }
  }

  private synchronized boolean isMissingOne() {
    return !isClosed && ready.size() < ahead.count();
  }

  private synchronized void add(PreparedBurst made) {
    if (isMissingOne()) {
      ready.add(made);
    } else {
      made.close();
    }
  }

  /// The SSRCs of those that are ready.
  synchronized List<Integer> ssrcs() {
    return ready.stream().map(PreparedBurst::ssrc).toList();
  }

  /// Zeroes what is ready, and waits for the thread that makes more; nothing is made afterwards.
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      ready.forEach(PreparedBurst::close);
      ready.clear();
      worker.shutdown();
    }
    worker.close();
  }
}
