package parley.gateway.kms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import parley.keys.audit.AuditTrail;
import parley.keys.kms.front.KmsAudit;
import parley.keys.kms.front.KmsClient;
import parley.keys.kms.front.KmsEvent;

/// A KMS's events as lines of its audit log: who asked from where, for whose keys, what came of it.
final class KmsLines implements KmsAudit {
  private static final String GIVEN = "given";
  private static final String TAKEN = "taken";

  private final AuditTrail trail;
  private final KmsCounters counters;

  KmsLines(AuditTrail trail, KmsCounters counters) {
    this.trail = trail;
    this.counters = counters;
  }

  @Override
  public void note(KmsEvent event) throws IOException {
    try {
      trail.note(actor(event), event.resource(), target(event), outcome(event));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
    counters.count(event);
  }

  private static String actor(KmsEvent event) {
    String who =
        event.way() == null
            ? "unknown"
            : "%s %s".formatted(event.way().name().toLowerCase(Locale.ROOT), event.client());
    return "%s at %s".formatted(who, event.peer());
  }

  private static String target(KmsEvent event) {
    if (event.period() == null) {
      return event.who();
    }
    return "%s, device %s, period %d".formatted(event.who(), event.device(), event.period());
  }

  private static String outcome(KmsEvent event) {
    String done = event.way() == KmsClient.Way.SIGNER ? TAKEN : GIVEN;
    return event.denial() == null
        ? done
        : "refused: " + event.denial().name().toLowerCase(Locale.ROOT);
  }
}
