package parley.bench;

import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/// What one implementation needs for one packet.
///
/// @param operation `protect`, `unprotect`, or `forged`: to find that a tag is wrong
/// @param spreadPercent half the distance between the fastest and the slowest iteration
/// @param bytesAllocated on the Java heap, for one packet; not a number for programs in C
record SrtpRow(
    String implementation,
    String profile,
    int payload,
    int streams,
    String operation,
    double nsPerPacket,
    double spreadPercent,
    double bytesAllocated) {
  static final String CSV =
      "implementation,profile,payload,streams,operation,ns_per_packet,spread_percent,bytes_allocated\n";

  static SrtpRow of(RunResult run) {
    Result<?> time = run.getPrimaryResult();
    Statistics statistics = time.getStatistics();
    String benchmark = run.getParams().getBenchmark();
    return new SrtpRow(
        run.getParams().getParam("implementation"),
        run.getParams().getParam("profile"),
        Integer.parseInt(run.getParams().getParam("payload")),
        Integer.parseInt(run.getParams().getParam("streams")),
        benchmark.substring(benchmark.lastIndexOf('.') + 1),
        statistics.getMean(),
        50 * (statistics.getMax() - statistics.getMin()) / statistics.getMean(),
        count(run, "octets") / count(run, "packets"));
  }

  private static double count(RunResult run, String counter) {
    Result<?> counted = run.getSecondaryResults().get(counter);
    return counted == null ? Double.NaN : counted.getScore();
  }

  /// Whether our kernel was measured, at whichever tier.
  boolean isOfKernel() {
    return implementation.startsWith(SrtpReport.OURS);
  }

  /// What was measured, in words.
  String work() {
    return "%s %s %d %s, %d stream%s"
        .formatted(implementation, profile, payload, operation, streams, streams == 1 ? "" : "s");
  }

  /// Whether `other` did the same work.
  boolean isComparableWith(SrtpRow other) {
    return profile.equals(other.profile)
        && payload == other.payload
        && streams == other.streams
        && operation.equals(other.operation);
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%s,%s,%d,%d,%s,%.1f,%.1f,%s%n",
        implementation,
        profile,
        payload,
        streams,
        operation,
        nsPerPacket,
        spreadPercent,
        allocated());
  }

  String allocated() {
    return Double.isNaN(bytesAllocated) ? "-" : String.format(Locale.ROOT, "%.0f", bytesAllocated);
  }
}
