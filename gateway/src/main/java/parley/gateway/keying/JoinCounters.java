package parley.gateway.keying;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import parley.mikey.group.JoinRefusal;
import parley.mikey.group.JoinVerb;

/// What happened to the receivers of one group. Written by its loop, read by any thread.
public final class JoinCounters {
  private final Map<JoinVerb, LongAdder> done = new ConcurrentHashMap<>();
  private final Map<JoinRefusal, LongAdder> refused = new ConcurrentHashMap<>();
  private final Map<JoinEnd, LongAdder> ended = new ConcurrentHashMap<>();
  private final LongAdder cookies = new LongAdder();
  private volatile int joined;
  private volatile int byControl;

  private static <K> void count(Map<K, LongAdder> counters, K of) {
    counters.computeIfAbsent(of, _ -> new LongAdder()).increment();
  }

  private static <K> long sum(Map<K, LongAdder> counters, K of) {
    LongAdder counter = counters.get(of);
    return counter == null ? 0 : counter.sum();
  }

  void does(JoinVerb verb) {
    count(done, verb);
  }

  void refuse(JoinRefusal reason) {
    count(refused, reason);
  }

  void end(JoinEnd why) {
    count(ended, why);
  }

  void cookie() {
    cookies.increment();
  }

  void present(int nowJoined, int nowByControl) {
    joined = nowJoined;
    byControl = nowByControl;
  }

  /// Messages that were followed.
  public long done(JoinVerb verb) {
    return sum(done, verb);
  }

  public long refused(JoinRefusal reason) {
    return sum(refused, reason);
  }

  public long ended(JoinEnd why) {
    return sum(ended, why);
  }

  /// Messages that were answered by a cookie and not followed.
  public long cookies() {
    return cookies.sum();
  }

  /// Receivers that have joined.
  public int joined() {
    return joined;
  }

  /// Receivers that the operator has added.
  public int byControl() {
    return byControl;
  }
}
