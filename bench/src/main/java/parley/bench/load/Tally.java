package parley.bench.load;

import java.util.concurrent.atomic.AtomicLongArray;

/// Counters by [Heard]: one thread counts, any reads.
final class Tally {
  private static final Heard[] ALL = Heard.values();

  private final AtomicLongArray counts = new AtomicLongArray(ALL.length);

  @SuppressWarnings("EnumOrdinal") // never leaves the process
  void count(Heard heard) {
    int at = heard.ordinal();
    counts.setOpaque(at, counts.getPlain(at) + 1);
  }

  @SuppressWarnings("EnumOrdinal")
  long of(Heard heard) {
    return counts.getOpaque(heard.ordinal());
  }
}
