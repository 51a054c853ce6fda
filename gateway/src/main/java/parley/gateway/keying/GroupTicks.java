package parley.gateway.keying;

import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.log.LogRation;

/// One clock for all groups of a loop: each looks at the time every 100 ms.
///
/// Many groups wake a loop hardly more often than one, and none of them keeps it long: they have
/// their turns in parts of [#AT_ONCE], a millisecond apart, in which packets pass.
public final class GroupTicks {
  static final int AT_ONCE = 128;

  private static final Logger LOG = LoggerFactory.getLogger(GroupTicks.class);
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private enum Line {
    FAULT
  }

  private final Map<EventLoop, Turns> loops = new ConcurrentHashMap<>();

  /// Calls `tick` on this loop from now on. From the loop.
  void add(EventLoop loop, Runnable tick) {
    loops.computeIfAbsent(loop, Turns::new).add(tick);
  }

  /// Calls it no more. From the loop.
  void remove(EventLoop loop, Runnable tick) {
    Turns turns = loops.get(loop);
    if (turns != null) {
      turns.remove(tick);
    }
  }

  /// Confined to its loop.
  private static final class Turns {
    private final EventLoop loop;
    private final List<Runnable> ticks = new ArrayList<>();
    private final Runnable turn = this::turn;
    private final LogRation<Line> ration = new LogRation<>(Line.class);
    private boolean isRunning;
    private long roundNanos;
    private int next;

    Turns(EventLoop loop) {
      this.loop = loop;
    }

    void add(Runnable tick) {
      ticks.add(tick);
      if (!isRunning) {
        isRunning = true;
        roundNanos = loop.ticker().nanoTime() + EVERY_NANOS;
        turnIn(EVERY_NANOS);
      }
    }

    /// Those behind it move up, so that none misses its turn of this round.
    void remove(Runnable tick) {
      int at = ticks.indexOf(tick);
      if (at >= 0) {
        ticks.remove(at);
        next -= at < next ? 1 : 0;
      }
    }

    private void turnIn(long nanos) {
      var _ = loop.schedule(turn, nanos, TimeUnit.NANOSECONDS);
    }

    private void turn() {
      for (int i = 0; i < AT_ONCE && next < ticks.size(); i++) {
        run(ticks.get(next++)); // it may remove itself, or another
      }
      if (next < ticks.size()) {
        turnIn(APART_NANOS);
      } else if (ticks.isEmpty()) {
        isRunning = false;
      } else {
        next = 0;
        long now = loop.ticker().nanoTime();
        roundNanos = Math.max(roundNanos + EVERY_NANOS, now + APART_NANOS);
        turnIn(roundNanos - now);
      }
    }

    private void run(Runnable tick) {
      try {
        tick.run();
      } catch (RuntimeException e) {
        long unlogged = ration.take(Line.FAULT, Instant.now());
        if (unlogged != LogRation.SILENT) {
          LOG.atError()
              .addKeyValue("unlogged", unlogged)
              .setCause(e)
              .log("a fault at the tick of a group, which has its next one");
        }
      }
    }
  }
}
