package parley.bench.relay;

import java.util.Locale;

/// How long a gateway's JVM stopped in one run, and what it cost meanwhile.
///
/// @param heap the JVM's options that name a heap, as `-Xms128m -Xmx512m`
/// @param rateIn packets a second to the gateway
record PauseRow(
    String relay,
    String collector,
    String heap,
    double rateIn,
    SafepointLog log,
    long lost,
    Numbers cpuNanosPerOutput,
    long rssOctets) {
  static final double MOST_MILLIS = 2;

  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-16s %-9s %-20s %8s %7s %7s %11s %9s %7s %8s %7s",
          "relay",
          "collector",
          "heap",
          "in/s",
          "pauses",
          "> 2 ms",
          "longest ms",
          "ns/output",
          "spread",
          "RSS MiB",
          "lost");

  String line() {
    return String.format(
        Locale.ROOT,
        "%-16s %-9s %-20s %8.0f %7d %7d %11.2f %9s %7s %8d %7d",
        relay,
        collector,
        heap,
        rateIn,
        log.pauses(),
        log.longerThan(MOST_MILLIS),
        log.longestMillis(),
        RelayRow.field("%.0f", cpuNanosPerOutput.median()),
        RelayRow.field("%.1f %%", cpuNanosPerOutput.spreadPercent()),
        rssOctets >> 20,
        lost);
  }
}
