package parley.bench.load;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What became of every packet, and how long those that arrived took.
///
/// @param made packets that the talkers made
/// @param leftOut of those the wire lost on purpose
/// @param sent different packets that left, copies not counted: `made - leftOut`
/// @param expected what would have come to all listeners, had nothing been lost
/// @param notTaken datagrams that this host's kernel did not take from us
/// @param mostLateMillis how far the generator itself fell behind
/// @param joins null where no listener had to join
record LoadReport(
    List<String> head,
    double seconds,
    long made,
    long leftOut,
    long sent,
    long doubled,
    long reordered,
    long notTaken,
    long expected,
    long delivered,
    long late,
    long duplicates,
    long stale,
    long bad,
    long unknown,
    long announcementsRefused,
    double worstLossPercent,
    double mostLateMillis,
    Histogram fromIntended,
    Histogram fromActual,
    List<String> account,
    @Nullable JoinReport joins,
    @Nullable String files) {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};

  LoadReport {
    head = List.copyOf(head);
    account = List.copyOf(account);
  }

  /// What was sent and came to a listener neither in time nor late.
  long lost() {
    return expected - delivered;
  }

  double lossPercent() {
    return percent(lost(), expected);
  }

  static double percent(long part, long whole) {
    return whole == 0 ? 0 : 100.0 * part / whole;
  }

  void print(PrintStream out) {
    head.forEach(out::println);
    out.println();
    line(out, "packets made", made, "%.0f a second".formatted(made / seconds));
    line(out, "left out on purpose", leftOut, "");
    line(out, "sent", sent, "%,d of them twice, %,d behind the next".formatted(doubled, reordered));
    if (notTaken > 0) {
      line(out, "not taken by this host", notTaken, "the kernel refused them; they count as lost");
    }
    out.println();
    line(out, "expected", expected, "what was sent, at each listener");
    line(out, "delivered", delivered, "verified and new; %,d of them late".formatted(late));
    line(
        out,
        "lost",
        lost(),
        "%.4f %%; worst listener %.4f %%".formatted(lossPercent(), worstLossPercent));
    line(out, "duplicates refused", duplicates, "by the listeners");
    line(out, "too late", stale, "beyond the replay list; among the lost");
    line(out, "bad", bad, "wrong tag or key");
    line(out, "of unknown streams", unknown, "");
    line(out, "announcements refused", announcementsRefused, "");
    if (joins != null) {
      out.println();
      joins.print(out);
    }
    out.println();
    out.println("latency in ms                    p50      p90      p99    p99.9      max");
    out.println(row("from the intended send time", fromIntended));
    out.println(row("from the actual send time", fromActual));
    out.printf(
        Locale.ROOT,
        "The first line counts from when each packet was due, so a stall of the generator is in it%n"
            + "(no coordinated omission); where the two differ, this host was too slow. It was %.1f ms%n"
            + "behind at most. Both end when the listener's process reads the packet.%n",
        mostLateMillis);
    if (!account.isEmpty()) {
      out.println();
      account.forEach(out::println);
    }
    if (files != null) {
      out.println();
      out.println("histograms: " + files);
    }
  }

  private static void line(PrintStream out, String name, long count, String remark) {
    out.println("%-24s %,14d  %s".formatted(name, count, remark).stripTrailing());
  }

  private static String row(String name, Histogram histogram) {
    var row = new StringBuilder("%-27s".formatted(name));
    for (double percentile : PERCENTILES) {
      row.append(
          " %8s"
              .formatted(
                  histogram.getTotalCount() == 0
                      ? "-"
                      : "%.3f".formatted(Latencies.millis(histogram, percentile))));
    }
    return row.toString();
  }
}
