package parley.gateway.media;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of the host's interfaces and addresses: at once when Linux says that they have changed,
/// and every second in any case, so that what failed can be tried again.
///
/// Has a thread of its own, on which `look` runs.
final class LinkWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LinkWatcher.class);
  private static final int EVERY_MILLIS = 1000;

  private final Consumer<Links> look;
  private final Thread thread;
  private volatile boolean closed;

  private LinkWatcher(Consumer<Links> look) {
    this.look = look;
    this.thread = Thread.ofPlatform().daemon().name("links").unstarted(this::run);
  }

  /// Watches the network of the calling thread.
  static LinkWatcher start(Consumer<Links> look) {
    LinkWatcher watcher = new LinkWatcher(look);
    watcher.thread.start();
    return watcher;
  }

  private void run() {
    try (RouteSocket changes = new RouteSocket()) {
      while (!closed) {
        look();
        changes.await(EVERY_MILLIS);
      }
    } catch (IOException e) {
      LOG.debug("interfaces are looked at every second: {}", e.getMessage());
      lookEverySecond();
    }
  }

  private void lookEverySecond() {
    while (!closed) {
      look();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS));
    }
  }

  private void look() {
    try {
      look.accept(Links.now());
    } catch (SocketException e) {
      LOG.debug("interfaces cannot be listed now: {}", e.getMessage());
    }
  }

  /// Its thread ends within a second; nothing is told any more.
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
