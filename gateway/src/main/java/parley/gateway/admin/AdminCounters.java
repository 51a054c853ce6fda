package parley.gateway.admin;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// What the admin server counts of itself. Any thread.
final class AdminCounters {
  private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final Map<AccessFailure, LongAdder> failures = new EnumMap<>(AccessFailure.class);
  private final LongAdder reloads = new LongAdder();
  private final LongAdder refusedReloads = new LongAdder();
  private final Map<Identity, Integer> muted = new ConcurrentHashMap<>();
  private volatile @Nullable Instant reloadedAt;
  private volatile boolean isReloadRefused;

  AdminCounters() {
    for (AccessFailure failure : AccessFailure.values()) {
      failures.put(failure, new LongAdder());
    }
  }

  void answered(int status) {
    answers.computeIfAbsent(status, _ -> new LongAdder()).increment();
  }

  Iterable<Integer> statuses() {
    return answers.keySet();
  }

  long answers(int status) {
    LongAdder count = answers.get(status);
    return count == null ? 0 : count.sum();
  }

  void refused(AccessFailure failure) {
    failure(failure).increment();
  }

  long refusals(AccessFailure failure) {
    return failure(failure).sum();
  }

  private LongAdder failure(AccessFailure failure) {
    LongAdder count = failures.get(failure);
    if (count == null) {
      throw new IllegalStateException("every failure has a counter");
    }
    return count;
  }

  void reloaded(Instant at) {
    reloads.increment();
    reloadedAt = at;
    isReloadRefused = false;
  }

  void reloadRefused() {
    refusedReloads.increment();
    isReloadRefused = true;
  }

  long reloads() {
    return reloads.sum();
  }

  long refusedReloads() {
    return refusedReloads.sum();
  }

  /// When the last reload was done; null while there was none.
  @Nullable Instant reloadedAt() {
    return reloadedAt;
  }

  /// Whether the last reload was refused, so that what runs is not what the file says.
  boolean isReloadRefused() {
    return isReloadRefused;
  }

  void muted(Identity group, int talkers) {
    muted.put(group, talkers);
  }

  int muted(Identity group) {
    return muted.getOrDefault(group, 0);
  }
}
