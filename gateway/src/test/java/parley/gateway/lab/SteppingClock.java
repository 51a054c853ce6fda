package parley.gateway.lab;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// Time that moves when a test says so.
public final class SteppingClock implements InstantSource {
  private final AtomicReference<Instant> now;

  public SteppingClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  public void step(Duration by) {
    now.updateAndGet(t -> t.plus(by));
  }
}
