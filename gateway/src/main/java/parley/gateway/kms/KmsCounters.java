package parley.gateway.kms;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import parley.keys.kms.front.Denial;
import parley.keys.kms.front.KmsClient;
import parley.keys.kms.front.KmsEvent;

/// What a KMS gave and refused. Any thread.
public final class KmsCounters {
  private final LongAdder keySets = new LongAdder();
  private final LongAdder others = new LongAdder();
  private final LongAdder messages = new LongAdder();
  private final Map<KmsClient.Way, LongAdder> ways = new EnumMap<>(KmsClient.Way.class);
  private final Map<Denial, LongAdder> denials = new EnumMap<>(Denial.class);

  KmsCounters() {
    for (KmsClient.Way way : KmsClient.Way.values()) {
      ways.put(way, new LongAdder());
    }
    for (Denial denial : Denial.values()) {
      denials.put(denial, new LongAdder());
    }
  }

  void count(KmsEvent event) {
    if (event.denial() != null) {
      adder(denials, event.denial()).increment();
    } else if (event.period() != null) {
      keySets.increment();
    } else if (event.way() == KmsClient.Way.SIGNER) {
      messages.increment();
    } else {
      others.increment();
    }
    if (event.way() != null) {
      adder(ways, event.way()).increment();
    }
  }

  private static <E extends Enum<E>> LongAdder adder(Map<E, LongAdder> all, E key) {
    LongAdder adder = all.get(key);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + key);
    }
    return adder;
  }

  /// Key sets given, one for each key period.
  public long keySets() {
    return keySets.sum();
  }

  /// GMK messages taken for UEs that will come.
  public long messages() {
    return messages.sum();
  }

  /// Requests refused for this reason.
  public long denied(Denial reason) {
    return adder(denials, reason).sum();
  }

  void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("parley.kms.key.sets", keySets, LongAdder::sum)
        .description("key sets given, one for each key period")
        .register(registry);
    FunctionCounter.builder("parley.kms.certificates", others, LongAdder::sum)
        .description("answers with certificates")
        .register(registry);
    FunctionCounter.builder("parley.kms.messages", messages, LongAdder::sum)
        .description("GMK messages taken for UEs that will come")
        .register(registry);
    ways.forEach((way, count) ->
        FunctionCounter.builder("parley.kms.clients", count, LongAdder::sum)
            .description("lines of the audit log, by the way in which the client is known")
            .tag("way", way.name().toLowerCase(Locale.ROOT))
            .register(registry));
    denials.forEach((reason, count) ->
        FunctionCounter.builder("parley.kms.denied", count, LongAdder::sum)
            .description("requests refused")
            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
            .register(registry));
  }
}
