package parley.gateway.media;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drains the hot ports of one loop every so often, in place of a wake-up for every packet. Runs
/// only while there are any. Confined to the loop; a tick allocates nothing.
final class DrainTick implements EpollIoHandle {
  private static final Logger LOG = LoggerFactory.getLogger(DrainTick.class);

  private final BatchLoop loop;
  private final long nanos;
  private final List<BatchPort> hot = new ArrayList<>();
  private @Nullable FileDescriptor timer;
  private @Nullable IoRegistration registration;
  private boolean isClosed;

  /// @param every 0 for never
  DrainTick(BatchLoop loop, Duration every) {
    this.loop = loop;
    this.nanos = every.toNanos();
  }

  /// Drains this port from now on.
  ///
  /// @return false when there is no tick: the port must be woken
  boolean add(BatchPort port) {
    if (nanos == 0 || !open()) {
      return false;
    }
    hot.add(port);
    if (hot.size() == 1) {
      loop.calls().runTimer(fd().intValue(), nanos);
    }
    return true;
  }

  void remove(BatchPort port) {
    if (hot.remove(port) && hot.isEmpty() && !isClosed) {
      loop.calls().runTimer(fd().intValue(), 0);
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
      release();
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

  /// A timer that is not read fires once only. Backwards, because a port may cool down here.
  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    loop.calls().readTimer(fd().intValue());
    for (int i = 0; i < hot.size(); i++) {
      loop.enqueue(hot.get(i));
    }
    loop.drain();
    for (int i = hot.size() - 1; i >= 0; i--) {
      hot.get(i).ticked();
    }
  }

  /// By a transport or a loop that ends.
  @Override
  public void close() {
    isClosed = true;
    release();
  }

  private void release() {
    try {
      IoRegistration in = registration;
      if (in != null && in.isValid()) {
        in.cancel();
      }
      if (timer != null && timer.isOpen()) {
        timer.close();
      }
    } catch (IOException e) {
      LOG.debug("closing the timer: {}", e.getMessage());
    }
  }
}
