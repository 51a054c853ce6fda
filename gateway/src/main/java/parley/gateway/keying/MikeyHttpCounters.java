package parley.gateway.keying;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// How often each [MikeyHttpOutcome] came about. Any thread.
public final class MikeyHttpCounters {
  private final Map<MikeyHttpOutcome, LongAdder> counts = new EnumMap<>(MikeyHttpOutcome.class);

  public MikeyHttpCounters() {
    for (MikeyHttpOutcome outcome : MikeyHttpOutcome.values()) {
      counts.put(outcome, new LongAdder());
    }
  }

  void count(MikeyHttpOutcome outcome) {
    adder(outcome).increment();
  }

  public long counted(MikeyHttpOutcome outcome) {
    return adder(outcome).sum();
  }

  private LongAdder adder(MikeyHttpOutcome outcome) {
    LongAdder adder = counts.get(outcome);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + outcome);
    }
    return adder;
  }
}
