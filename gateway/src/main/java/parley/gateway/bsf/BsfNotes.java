package parley.gateway.bsf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.audit.AuditTrail;
import parley.keys.gba.bsf.BsfAudit;
import parley.keys.gba.bsf.BsfEvent;
import parley.keys.gba.bsf.BsfEvent.Act;
import parley.keys.gba.bsf.BsfEvent.Outcome;
import parley.keys.http.RequestLimits;

/// Counts everything; notes in the audit log all that was given, and of what was refused sixty at
/// once and one each second after that, so that nobody fills the disk from outside. What is left
/// out is counted in the next line. Any thread.
final class BsfNotes implements BsfAudit {
  private static final Logger LOG = LoggerFactory.getLogger(BsfNotes.class);
  private static final int BURST = 60;
  private static final String ALL = "";

  private final AuditTrail audit;
  private final RequestLimits refusals;
  private final AtomicLong unnoted = new AtomicLong();
  private final Map<Act, Map<Outcome, LongAdder>> counts = new EnumMap<>(Act.class);

  BsfNotes(AuditTrail audit, InstantSource clock) {
    this.audit = audit;
    this.refusals = new RequestLimits(BURST, Duration.ofSeconds(1), clock);
    for (Act act : Act.values()) {
      var outcomes = new EnumMap<Outcome, LongAdder>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        outcomes.put(outcome, new LongAdder());
      }
      counts.put(act, outcomes);
    }
  }

  long counted(Act act, Outcome outcome) {
    return adder(act, outcome).sum();
  }

  private LongAdder adder(Act act, Outcome outcome) {
    LongAdder adder = counts.getOrDefault(act, Map.of()).get(outcome);
    if (adder == null) {
      throw new IllegalStateException("every act and outcome has a counter");
    }
    return adder;
  }

  @Override
  public void note(BsfEvent event) throws IOException {
    if (event.outcome() == Outcome.DONE) {
      given(event);
    } else {
      refused(event);
    }
    adder(event.act(), event.outcome()).increment();
  }

  private void given(BsfEvent event) throws IOException {
    try {
      audit.note(event.asker(), label(event.act()), target(event), "done");
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void refused(BsfEvent event) {
    boolean isNoise = event.outcome() == Outcome.TOO_MANY || event.outcome() == Outcome.MALFORMED;
    if (isNoise) {
      return;
    } else if (!refusals.admits(ALL)) {
      unnoted.incrementAndGet();
      return;
    }
    long left = unnoted.getAndSet(0);
    String others = left == 0 ? "" : " (and %d others since)".formatted(left);
    String outcome = "refused: " + label(event.outcome()) + others;
    try {
      audit.note(event.asker(), label(event.act()), target(event), outcome);
    } catch (UncheckedIOException e) {
      LOG.error("{}; {} was {}", e.getMessage(), event.asker(), outcome);
    }
  }

  private static String target(BsfEvent event) {
    List<String> parts = new ArrayList<>(List.of(event.impi(), event.tid(), event.naf()));
    parts.removeIf(String::isEmpty);
    return String.join(" ", parts);
  }

  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
