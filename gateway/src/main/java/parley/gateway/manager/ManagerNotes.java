package parley.gateway.manager;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.audit.AuditTrail;
import parley.keys.http.RequestLimits;
import parley.keys.manager.RegistrationOutcome;
import parley.keys.manager.RegistrationRefusal;
import parley.mikey.identity.Identity;

/// What a manager does with its members, in the audit log: who registered where, who pulled, which
/// GMK was made, who was refused. Never a key.
///
/// Each line is forced to the disk, so a thread of its own writes those that nobody waits for; a
/// member that only says again where it is makes none. Of refusals there are sixty at once and one
/// each second after that, so that nobody fills the disk from outside. What is left out is counted
/// in the next line. Any thread.
final class ManagerNotes implements ManagerLoop.News, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerNotes.class);
  private static final int BURST = 60;
  private static final int MOST_WAITING = 16_384;
  private static final Duration LAST_LINES = Duration.ofSeconds(10);
  private static final String ALL = "";

  private final AuditTrail audit;
  private final RequestLimits refusals;
  private final AtomicLong unnoted = new AtomicLong();
  private final ThreadPoolExecutor writer;

  ManagerNotes(AuditTrail audit, InstantSource clock) {
    this.audit = audit;
    this.refusals = new RequestLimits(BURST, Duration.ofSeconds(1), clock);
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("parley-manager-audit").factory(),
            (_, _) -> unnoted.incrementAndGet());
  }

  @Override
  public void registered(Identity group, RegistrationOutcome.Followed registration) {
    if (registration.isNews()) {
      later(
          registration.ue().uri(),
          label(registration.verb()),
          group.uri() + " " + shown(registration.address()),
          "done");
    }
  }

  @Override
  public void refused(RegistrationRefusal reason, SocketAddress source) {
    if (refusals.admits(ALL)) {
      String from = source instanceof InetSocketAddress address ? shown(address) : "unknown";
      later(from, "register", "", "refused: " + label(reason));
    } else {
      unnoted.incrementAndGet();
    }
  }

  /// What a member was given over HTTPS.
  void given(Identity ue, String act, Identity group, String what) {
    later(ue.uri(), act, group.uri(), what);
  }

  /// Notes an act whose doer waits for the line.
  ///
  /// @throws UncheckedIOException when it is not on the disk
  void now(String actor, String act, String target, String outcome) {
    audit.note(actor, act, target, outcome);
  }

  /// What the manager did by itself; a disk that fails is told and changes nothing.
  void done(String act, String target) {
    write("manager", act, target, "done");
  }

  private void later(String actor, String act, String target, String outcome) {
    writer.execute(() -> write(actor, act, target, outcome));
  }

  private void write(String actor, String act, String target, String outcome) {
    long left = unnoted.getAndSet(0);
    String others = left == 0 ? "" : " (and %d lines left out since)".formatted(left);
    try {
      audit.note(actor, act, target, outcome + others);
    } catch (UncheckedIOException e) {
      LOG.error("{}; {} of {} on {}: {}", e.getMessage(), act, actor, target, outcome);
    }
  }

  private static String shown(InetSocketAddress address) {
    return address.getAddress() == null
        ? address.toString()
        : address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// Writes what waits.
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(LAST_LINES.toSeconds(), TimeUnit.SECONDS)) {
        LOG.error("{} lines of the audit log are lost", writer.shutdownNow().size());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
