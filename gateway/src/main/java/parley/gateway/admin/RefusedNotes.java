package parley.gateway.admin;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.audit.AuditTrail;

/// Notes who was not let in: ten at once and one each six seconds after that, so that nobody fills
/// the audit log from outside. What is left out is counted in the next line. Any thread.
final class RefusedNotes {
  private static final Logger LOG = LoggerFactory.getLogger(RefusedNotes.class);
  private static final int BURST = 10;
  private static final Duration REFILL = Duration.ofSeconds(6);

  private final AuditTrail audit;
  private final InstantSource clock;
  private int left = BURST;
  private long unnoted;
  private Instant refilled;

  RefusedNotes(AuditTrail audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
    this.refilled = clock.instant();
  }

  synchronized void note(String actor, String target, String why) {
    refill();
    if (left == 0) {
      unnoted++;
      return;
    }
    left--;
    String others = unnoted == 0 ? "" : " (and %d others since)".formatted(unnoted);
    unnoted = 0;
    try {
      audit.note(actor, "authenticate", target, "refused: " + why + others);
    } catch (UncheckedIOException e) {
      LOG.error("{}; {} was refused: {}", e.getMessage(), actor, why);
    }
  }

  private void refill() {
    Instant now = clock.instant();
    long earned = Duration.between(refilled, now).dividedBy(REFILL);
    if (earned != 0) {
      left = Math.clamp(left + Math.max(0, earned), 0, BURST);
      refilled = now;
    }
  }
}
