package parley.bench;

import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/// One row: mean time of one operation over all iterations of all forks, and how far they lay
/// apart.
record Measurement(
    String benchmark,
    String parameters,
    double mean,
    double min,
    double max,
    String unit,
    long samples) {
  static Measurement of(RunResult run) {
    Result<?> result = run.getPrimaryResult();
    Statistics statistics = result.getStatistics();
    String name = run.getParams().getBenchmark();
    String parameters =
        run.getParams().getParamsKeys().stream()
            .map(key -> key + "=" + run.getParams().getParam(key))
            .collect(Collectors.joining(" "));
    return new Measurement(
        name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
        parameters,
        statistics.getMean(),
        statistics.getMin(),
        statistics.getMax(),
        result.getScoreUnit(),
        statistics.getN());
  }

  /// Half the distance between the fastest and the slowest iteration, in percent of the mean.
  double spreadPercent() {
    return 50 * (max - min) / mean;
  }

  double perSecond() {
    return (unit.startsWith("ns") ? 1e9 : 1e6) / mean;
  }
}
