package parley.gateway.kms;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.audit.AuditLog;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.store.StoreException;

/// Every five minutes, on a thread of its own, takes what has expired out of a KMS's tables, and
/// says the head of its audit log, for whoever keeps the log of this process elsewhere.
final class KmsSweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KmsServer.class);
  private static final long BETWEEN_SECONDS = Duration.ofMinutes(5).toSeconds();

  private final KmsRegistry registry;
  private final AuditLog audit;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("kms-sweeper").daemon().factory());
  private String notedHead = "";

  KmsSweeper(KmsRegistry registry, AuditLog audit) {
    this.registry = registry;
    this.audit = audit;
  }

  void start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::sweep, BETWEEN_SECONDS, BETWEEN_SECONDS, TimeUnit.SECONDS);
  }

  void sweep() {
    try {
      int tickets = registry.tickets().clear();
      int messages = registry.pending().clear();
      LOG.debug("{} tickets and {} messages had expired", tickets, messages);
    } catch (StoreException e) {
      LOG.warn("not swept: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("not swept");
    }
    String head = audit.head();
    if (!head.equals(notedHead)) {
      notedHead = head;
      LOG.atInfo().addKeyValue("head", head).log("audit log goes on");
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
