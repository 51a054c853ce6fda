package parley.gateway.keying;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import parley.keys.member.GmkRefusal;

/// What happened to the GMK messages of this member. Any thread.
public final class GmkCounters {
  private final LongAdder accepted = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder invited = new LongAdder();
  private final LongAdder overload = new LongAdder();
  private final Map<GmkRefusal, LongAdder> refused = new EnumMap<>(GmkRefusal.class);

  public GmkCounters() {
    for (GmkRefusal reason : GmkRefusal.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  void accept() {
    accepted.increment();
  }

  void repeat() {
    repeated.increment();
  }

  void invite() {
    invited.increment();
  }

  void overload() {
    overload.increment();
  }

  void refuse(GmkRefusal reason) {
    adder(reason).increment();
  }

  public long accepted() {
    return accepted.sum();
  }

  public long repeated() {
    return repeated.sum();
  }

  /// Invitations to ad-hoc groups that wait for the user's word.
  public long invited() {
    return invited.sum();
  }

  /// Messages that found the pool full.
  public long overloads() {
    return overload.sum();
  }

  public long refused(GmkRefusal reason) {
    return adder(reason).sum();
  }

  private LongAdder adder(GmkRefusal reason) {
    LongAdder adder = refused.get(reason);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + reason);
    }
    return adder;
  }
}
