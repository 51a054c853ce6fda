package parley.gateway.keying;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import parley.mikey.group.Refusal;

/// What happened to the announcements of one group. Written by the loop and the pool, read by any
/// thread.
public final class KeyingCounters {
  private final LongAdder accepted = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private final LongAdder bridged = new LongAdder();
  private final LongAdder yielded = new LongAdder();
  private final JoinCounters joins = new JoinCounters();
  private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);
  private volatile double clockOffsetSeconds = Double.NaN;
  private volatile int running;
  private volatile int talkers;

  public KeyingCounters() {
    for (Refusal reason : Refusal.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  /// Of receivers that join.
  public JoinCounters joins() {
    return joins;
  }

  void accept() {
    accepted.increment();
  }

  void repeat() {
    repeats.increment();
  }

  void bridge() {
    bridged.increment();
  }

  void standDown() {
    yielded.increment();
  }

  void refuse(Refusal reason) {
    adder(reason).increment();
  }

  void clockOffset(double seconds) {
    clockOffsetSeconds = seconds;
  }

  void running(int bursts, int speakers) {
    running = bursts;
    talkers = speakers;
  }

  /// Bursts that run now, own ones included.
  public int running() {
    return running;
  }

  /// Different identities that speak now.
  public int talkers() {
    return talkers;
  }

  /// New CSBs accepted.
  public long accepted() {
    return accepted.sum();
  }

  /// Verified repeats of a running CSB.
  public long repeats() {
    return repeats.sum();
  }

  /// CSBs that this gateway announced here for another group's talker.
  public long bridged() {
    return bridged.sum();
  }

  /// Times this gateway left a bridge to another one.
  public long yielded() {
    return yielded.sum();
  }

  public long refused(Refusal reason) {
    return adder(reason).sum();
  }

  /// T of the last fresh announcement of another member minus the local clock, in seconds; not a
  /// number as long as there was none.
  public double clockOffsetSeconds() {
    return clockOffsetSeconds;
  }

  private LongAdder adder(Refusal reason) {
    LongAdder adder = refused.get(reason);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + reason);
    }
    return adder;
  }
}
