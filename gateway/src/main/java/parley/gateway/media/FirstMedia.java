package parley.gateway.media;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/// How long receivers that came while somebody spoke waited for their first packet: from the moment
/// they were accepted until it was handed to the kernel.
///
/// Written by the group's loop, read by anyone. Nothing is done for a packet while nobody waits.
public final class FirstMedia {
  /// Longer than this a listener notices.
  public static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int COUNT = 0;
  private static final int SUM_NANOS = 1;
  private static final int LATE = 2;

  private record Waiting(Leg leg, long sinceNanos) {}

  private final AtomicLongArray counters = new AtomicLongArray(3);
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean isQueued;

  FirstMedia() {}

  /// Receivers that have had their first packet.
  public long count() {
    return counters.getOpaque(COUNT);
  }

  /// The sum of what they waited.
  public long sumNanos() {
    return counters.getOpaque(SUM_NANOS);
  }

  /// How many of them waited longer than [#LATE_NANOS].
  public long late() {
    return counters.getOpaque(LATE);
  }

  void await(Leg leg, long sinceNanos) {
    waiting.add(new Waiting(leg, sinceNanos));
  }

  void forget(Leg leg) {
    waiting.removeIf(one -> one.leg().equals(leg));
  }

  /// Nobody speaks any more: whoever waits did not come in mid-burst after all.
  void forgetAll() {
    waiting.clear();
  }

  /// A packet was queued for every leg.
  void queued() {
    isQueued = true;
  }

  /// What was queued has left.
  void flushed() {
    if (isQueued && !waiting.isEmpty()) {
      long now = System.nanoTime();
      waiting.forEach(one -> note(now - one.sinceNanos()));
      waiting.clear();
    }
    isQueued = false;
  }

  private void note(long nanos) {
    GroupCounters.add(counters, COUNT, 1);
    GroupCounters.add(counters, SUM_NANOS, nanos);
    GroupCounters.add(counters, LATE, nanos > LATE_NANOS ? 1 : 0);
  }
}
