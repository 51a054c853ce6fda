package parley.bench.load;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/// What became of the listeners that should have joined, when the packets began to count.
///
/// @param delays from a listener's first JOIN to the first packet that it verified
/// @param stepNanos from one packet of a talker to its next meanwhile
/// @param absent those that did not join, each with why; they expect nothing
/// @param silent those that joined and heard nothing; what they miss counts as lost
record JoinReport(
    int wanted,
    int joined,
    Histogram delays,
    long stepNanos,
    List<String> absent,
    List<String> silent) {
  private static final int MOST_LISTED = 20;

  JoinReport {
    absent = List.copyOf(absent);
    silent = List.copyOf(silent);
  }

  boolean isComplete() {
    return absent.isEmpty() && silent.isEmpty();
  }

  void print(PrintStream out) {
    out.printf("%-24s %,14d  of %,d listeners, by JOIN%n", "joined", joined, wanted);
    if (delays.getTotalCount() > 0) {
      out.printf(
          Locale.ROOT,
          "join to first audio      p50 %.2f ms  p99 %.2f ms  max %.2f ms; all joined at once, a"
              + " talker's packet each %.0f ms%n",
          Latencies.millis(delays, 50),
          Latencies.millis(delays, 99),
          Latencies.millis(delays, 100),
          stepNanos / 1e6);
    }
    list(out, "not joined", absent, "they expect nothing");
    list(out, "joined, heard nothing", silent, "what they miss counts as lost");
  }

  private static void list(PrintStream out, String name, List<String> listeners, String remark) {
    if (listeners.isEmpty()) {
      return;
    }
    out.printf("%-24s %,14d  %s%n", name, listeners.size(), remark);
    listeners.stream().limit(MOST_LISTED).forEach(one -> out.println("  " + one));
    if (listeners.size() > MOST_LISTED) {
      out.printf("  and %,d more%n", listeners.size() - MOST_LISTED);
    }
  }
}
