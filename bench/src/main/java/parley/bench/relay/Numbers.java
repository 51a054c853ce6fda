package parley.bench.relay;

import java.util.Arrays;
import java.util.List;

/// Median and spread of some rounds.
public record Numbers(double median, double spreadPercent) {
  static final Numbers NONE = new Numbers(Double.NaN, Double.NaN);

  /// Of those that are numbers. The spread is half the distance between the lowest and the highest,
  /// in percent of the median.
  public static Numbers of(List<Double> values) {
    double[] sorted =
        values.stream().mapToDouble(Double::doubleValue).filter(v -> !Double.isNaN(v)).toArray();
    if (sorted.length == 0) {
      return NONE;
    }
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Numbers(median, 50 * (sorted[sorted.length - 1] - sorted[0]) / median);
  }
}
