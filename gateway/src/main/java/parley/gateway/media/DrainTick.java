package parley.gateway.media;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drains the patient ports of one loop: whenever one has packets, or, while those come fast and
/// singly, every so often in place of a wake-up for each. Whichever group they are of: many slow
/// ones wake a loop as often as one that is fast.
///
/// Confined to the loop; a tick allocates nothing.
final class DrainTick implements EpollIoHandle {
  private static final Logger LOG = LoggerFactory.getLogger(DrainTick.class);

  /// Wake-ups within this time make the loop hot, if they bring little.
  private static final int HOT_WAKE_UPS = 24;

  private static final long HOT_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(16);

  /// From so many packets for each wake-up on, a wake-up costs next to nothing.
  private static final int HOT_PACKETS = 32 * HOT_WAKE_UPS;

  /// Ticks after which a hot loop shows whether it still is, with as many packets.
  private static final int COLD_TICKS = 64;

  private final BatchLoop loop;
  private final long nanos;
  private final EpollSet patient;
  private @Nullable FileDescriptor timer;
  private @Nullable IoRegistration registration;
  private boolean isClosed;

  private boolean isHot;
  private int wakeUps;
  private long wokenSince;
  private int ticks;

  /// @param every 0 for never
  DrainTick(BatchLoop loop, Duration every) {
    this.loop = loop;
    this.nanos = every.toNanos();
    this.patient = new EpollSet(loop, this::woken);
  }

  /// The ports that may wait for a tick.
  EpollSet patient() {
    return patient;
  }

  boolean isHot() {
    return isHot;
  }

  private void woken() {
    if (patient.ask() > 0 && ++wakeUps == HOT_WAKE_UPS) {
      long now = System.nanoTime();
      boolean isFast = now - wokenSince < HOT_WITHIN_NANOS;
      wokenSince = now;
      wakeUps = 0;
      if (patient.takePackets() < HOT_PACKETS && isFast) {
        heat();
      }
    }
    loop.drain();
  }

  /// From now on the tick asks the ports, if there is a tick.
  void heat() {
    if (nanos != 0 && !isHot && open()) {
      isHot = true;
      ticks = 0;
      patient.park();
      loop.calls().runTimer(fd().intValue(), nanos);
    }
  }

  /// From now on the ports wake the loop, and at once if they have anything.
  void cool() {
    if (isHot) {
      isHot = false;
      wakeUps = 0;
      loop.calls().runTimer(fd().intValue(), 0);
      patient.unpark();
    }
  }

  private boolean open() {
    if (timer != null || isClosed) {
      return !isClosed;
    }
    try {
      timer = new FileDescriptor(loop.calls().timer());
      registration = BatchLoop.registered(loop.eventLoop(), this);
      registration.submit(EpollIoOps.EPOLLIN);
      return true;
    } catch (IOException e) {
      LOG.debug("no tick: {}", e.getMessage());
      BatchLoop.release(registration, timer);
      timer = null; // a timer that nobody watches would leave its ports unread
      return false;
    }
  }

  @Override
  public FileDescriptor fd() {
    FileDescriptor open = timer;
    if (open == null) {
      throw new IllegalStateException("the tick has no timer");
    }
    return open;
  }

  /// A timer that is not read fires once only.
  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    loop.calls().readTimer(fd().intValue());
    patient.ask();
    loop.drain();
    if (++ticks == COLD_TICKS) {
      ticks = 0;
      if (patient.takePackets() < COLD_TICKS) {
        cool();
      }
    }
  }

  /// By a transport or a loop that ends.
  @Override
  public void close() {
    isClosed = true;
    isHot = false;
    patient.close();
    BatchLoop.release(registration, timer);
  }
}
