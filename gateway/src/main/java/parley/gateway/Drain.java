package parley.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.DrainStatus;
import parley.gateway.admin.DrainStatus.State;
import parley.gateway.keying.Duty;
import parley.gateway.media.BurstEnd;

/// Empties a gateway until a deadline, and fills it again. Any thread; waits for no loop.
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final long LOOK_MILLIS = 100;

  private final Planes planes;
  private final Duty duty;
  private final InstantSource clock;
  private final ScheduledExecutorService timer;
  private State state = State.RUNNING;
  private Instant since;
  private @Nullable Instant deadline;
  private long deadlineNanos;
  private @Nullable ScheduledFuture<?> looks;

  Drain(Planes planes, Duty duty, InstantSource clock, ScheduledExecutorService timer) {
    this.planes = planes;
    this.duty = duty;
    this.clock = clock;
    this.timer = timer;
    this.since = clock.instant();
  }

  /// No new burst passes from now on; a burst that a loop is just about to accept still may.
  synchronized void begin(Duration within) {
    duty.drain();
    Instant now = clock.instant();
    if (state == State.RUNNING) {
      state = State.DRAINING;
      since = now;
    }
    if (state == State.DRAINING) {
      deadline = now.plus(within);
      deadlineNanos = System.nanoTime() + within.toNanos();
    }
    if (looks == null) {
      looks =
          timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  synchronized void resume() {
    duty.resume();
    if (state != State.RUNNING) {
      state = State.RUNNING;
      since = clock.instant();
      deadline = null;
      stopLooking();
      LOG.info("resumed, new bursts are welcome");
    }
  }

  /// Whether nothing runs any more, or must not.
  synchronized void look() {
    if (state != State.DRAINING) {
      return;
    }
    if (planes.bursts() == 0) {
      state = State.DRAINED;
      since = clock.instant();
      deadline = null;
      stopLooking();
      LOG.info("drained, nothing runs any more");
    } else if (System.nanoTime() - deadlineNanos >= 0) {
      planes.endAll(BurstEnd.DRAINED);
    }
  }

  private void stopLooking() {
    if (looks != null) {
      looks.cancel(false);
      looks = null;
    }
  }

  synchronized DrainStatus status() {
    return new DrainStatus(state, since, deadline, planes.bursts());
  }
}
