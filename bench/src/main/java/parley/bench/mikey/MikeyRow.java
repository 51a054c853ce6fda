package parley.bench.mikey;

import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/// How often one implementation does one operation in a second, on one core.
///
/// @param operation as the methods of [MikeyBenchmark] are called
/// @param spreadPercent half the distance between the fastest and the slowest iteration
record MikeyRow(
    String implementation, String operation, double opsPerSecond, double spreadPercent) {
  static final String CSV = "implementation,operation,ops_per_second,spread_percent\n";

  static MikeyRow of(String implementation, RunResult run) {
    Statistics statistics = run.getPrimaryResult().getStatistics();
    String benchmark = run.getParams().getBenchmark();
    return of(
        implementation,
        benchmark.substring(benchmark.lastIndexOf('.') + 1),
        statistics.getMean(),
        statistics.getMin(),
        statistics.getMax());
  }

  static MikeyRow of(
      String implementation, String operation, double mean, double least, double most) {
    return new MikeyRow(implementation, operation, mean, 50 * (most - least) / mean);
  }

  String csv() {
    return String.format(
        Locale.ROOT, "%s,%s,%.1f,%.1f%n", implementation, operation, opsPerSecond, spreadPercent);
  }
}
