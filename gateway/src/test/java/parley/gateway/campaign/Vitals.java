package parley.gateway.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The size of a process over time, from `/proc` and its garbage collector's log.
final class Vitals {
  /// One look.
  ///
  /// @param heapKib in use behind the last collection; not a number before the first
  record Sample(
      double seconds, double rssKib, double heapKib, double descriptors, double threads) {}

  /// How one number went.
  ///
  /// @param secondQuarter mean
  /// @param lastQuarter mean
  /// @param regression of the second half: the line's growth from its begin to its end, as a share
  ///   of the mean
  /// @param creep what a typical tenth of the second half adds to the one before, nine times, as a
  ///   share of the mean: a leak shows in every tenth, a step that the JVM's compiler makes once
  ///   does not
  record Trend(
      String name, double secondQuarter, double lastQuarter, double regression, double creep) {
    private static final double MOST_BY_QUARTERS = 1.10;
    private static final double MOST_REGRESSION = 0.10;
    private static final double MOST_CREEP = 0.02;

    boolean isFlat() {
      return lastQuarter / secondQuarter <= MOST_BY_QUARTERS
          && regression <= MOST_REGRESSION
          && creep <= MOST_CREEP;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: second quarter %.0f, last quarter %.0f (x %.3f); second half: regression %+.2f %%,"
              + " creep %+.2f %%",
          name,
          secondQuarter,
          lastQuarter,
          lastQuarter / secondQuarter,
          100 * regression,
          100 * creep);
    }
  }

  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern AFTER_GC = Pattern.compile("->(\\d+)([KMG])\\(");

  private static final int TENTHS = 10;

  private final Path proc;
  private final Path gcLog;
  private final long began = System.nanoTime();
  private final List<Sample> samples = new ArrayList<>();

  /// @param gcLog what `-Xlog:gc:file=` of that process names
  Vitals(long pid, Path gcLog) {
    this.proc = Path.of("/proc", Long.toString(pid));
    this.gcLog = gcLog;
  }

  Sample look() throws IOException {
    Matcher rss = RSS.matcher(Files.readString(proc.resolve("status")));
    if (!rss.find()) {
      throw new IOException(proc + " tells no VmRSS");
    }
    var sample =
        new Sample(
            (System.nanoTime() - began) / 1e9,
            Double.parseDouble(rss.group(1)),
            heapAfterCollection(),
            entries("fd"),
            entries("task"));
    samples.add(sample);
    return sample;
  }

  private double entries(String folder) throws IOException {
    try (var all = Files.list(proc.resolve(folder))) {
      return all.count();
    }
  }

  private double heapAfterCollection() throws IOException {
    double last = Double.NaN;
    if (Files.exists(gcLog)) {
      Matcher after = AFTER_GC.matcher(Files.readString(gcLog));
      while (after.find()) {
        long unit =
            switch (after.group(2)) {
              case "K" -> 1;
              case "M" -> 1 << 10;
              default -> 1 << 20;
            };
        last = Double.parseDouble(after.group(1)) * unit;
      }
    }
    return last;
  }

  List<Trend> trends() {
    return List.of(
        trend("resident memory, KiB", Sample::rssKib),
        trend("heap after collection, KiB", Sample::heapKib),
        trend("open descriptors", Sample::descriptors),
        trend("threads", Sample::threads));
  }

  private Trend trend(String name, ToDoubleFunction<Sample> value) {
    double end = samples.getLast().seconds();
    List<Sample> second = between(end / 4, end / 2);
    List<Sample> last = between(end * 3 / 4, end);
    List<Sample> half = between(end / 2, end);
    double mean = mean(half, value);
    double regression = slope(half, value) * (end / 2) / mean;
    double creep = (TENTHS - 1) * medianOfSteps(tenths(end / 2, end, value)) / mean;
    return new Trend(name, mean(second, value), mean(last, value), regression, creep);
  }

  /// The median of each tenth of this time.
  private double[] tenths(double from, double to, ToDoubleFunction<Sample> value) {
    double[] tenths = new double[TENTHS];
    for (int n = 0; n < TENTHS; n++) {
      double begin = from + n * (to - from) / TENTHS;
      tenths[n] = median(between(begin, begin + (to - from) / TENTHS).stream().mapToDouble(value));
    }
    return tenths;
  }

  private static double medianOfSteps(double[] values) {
    return median(IntStream.range(1, values.length).mapToDouble(n -> values[n] - values[n - 1]));
  }

  private static double median(DoubleStream of) {
    double[] sorted = of.filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  private List<Sample> between(double from, double to) {
    return samples.stream().filter(s -> s.seconds() >= from && s.seconds() <= to).toList();
  }

  private static double mean(List<Sample> of, ToDoubleFunction<Sample> value) {
    return of.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  /// Per second, by least squares.
  private static double slope(List<Sample> of, ToDoubleFunction<Sample> value) {
    double meanX = mean(of, Sample::seconds);
    double meanY = mean(of, value);
    double xy = 0;
    double xx = 0;
    for (Sample s : of) {
      xy += (s.seconds() - meanX) * (value.applyAsDouble(s) - meanY);
      xx += (s.seconds() - meanX) * (s.seconds() - meanX);
    }
    return xx == 0 ? 0 : xy / xx;
  }

  List<String> csv() {
    List<String> lines = new ArrayList<>();
    lines.add("seconds,rss_kib,heap_after_gc_kib,descriptors,threads");
    for (Sample s : samples) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%.1f,%.0f,%.0f,%.0f,%.0f",
              s.seconds(),
              s.rssKib(),
              s.heapKib(),
              s.descriptors(),
              s.threads()));
    }
    return lines;
  }
}
