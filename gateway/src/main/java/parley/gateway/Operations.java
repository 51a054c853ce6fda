package parley.gateway;

import java.util.concurrent.atomic.LongAdder;

/// How often a gateway was operated since its start. Any thread.
public final class Operations {
  final LongAdder reload = new LongAdder();
  final LongAdder refusedReload = new LongAdder();
  final LongAdder drain = new LongAdder();
  final LongAdder resume = new LongAdder();
  final LongAdder mute = new LongAdder();
  final LongAdder unmute = new LongAdder();

  Operations() {}

  /// Reloads that were done, those that found nothing to change among them.
  public long reloads() {
    return reload.sum();
  }

  /// Reloads that changed nothing, because something was wrong.
  public long refusedReloads() {
    return refusedReload.sum();
  }

  public long drains() {
    return drain.sum();
  }

  public long resumes() {
    return resume.sum();
  }

  public long mutes() {
    return mute.sum();
  }

  public long unmutes() {
    return unmute.sum();
  }
}
