package parley.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/// How long packets took from the talker to the listener: from when each should have been sent, and
/// from when it was.
///
/// The first is what a listener would feel. The second alone hides every delay of the generator
/// itself (coordinated omission). One thread records, another reads.
final class Latencies implements AutoCloseable {
  private static final long LOWEST_NANOS = 1_000;
  private static final long HIGHEST_NANOS = 60_000_000_000L;
  private static final int DIGITS = 3;
  private static final double MICROS = 1e3;
  private static final double MILLIS = 1e6;

  private final SingleWriterRecorder intended = recorder();
  private final SingleWriterRecorder actual = recorder();
  private final Histogram allIntended = histogram();
  private final Histogram allActual = histogram();
  private final @Nullable Path folder;
  private final @Nullable PrintStream file;
  private final @Nullable HistogramLogWriter log;

  private Latencies(@Nullable Path folder) throws IOException {
    this.folder = folder;
    file = folder == null ? null : stream(folder.resolve("load.hlog"));
    log = file == null ? null : begin(file);
  }

  /// Writes `load.hlog`, and in the end two `.hgrm` files, into `folder`; nothing where that is
  /// null.
  static Latencies into(@Nullable Path folder) throws IOException {
    if (folder != null) {
      Files.createDirectories(folder);
    }
    return new Latencies(folder);
  }

  private static SingleWriterRecorder recorder() {
    return new SingleWriterRecorder(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
  }

  private static Histogram histogram() {
    return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
  }

  private static PrintStream stream(Path path) throws IOException {
    return new PrintStream(Files.newOutputStream(path), true, StandardCharsets.UTF_8);
  }

  private static HistogramLogWriter begin(PrintStream file) {
    long now = System.currentTimeMillis();
    var log = new HistogramLogWriter(file);
    log.outputLogFormatVersion();
    log.outputStartTime(now);
    log.setBaseTime(now);
    log.outputLegend();
    return log;
  }

  /// The listeners' thread; allocates nothing.
  void record(long intendedNanos, long sentNanos, long receivedNanos) {
    intended.recordValue(Math.clamp(receivedNanos - intendedNanos, LOWEST_NANOS, HIGHEST_NANOS));
    actual.recordValue(Math.clamp(receivedNanos - sentNanos, LOWEST_NANOS, HIGHEST_NANOS));
  }

  /// Closes an interval, logs it, and returns what it took from the intended time.
  Histogram interval() {
    Histogram fromIntended = intended.getIntervalHistogram();
    Histogram fromActual = actual.getIntervalHistogram();
    fromIntended.setTag("intended");
    fromActual.setTag("actual");
    allIntended.add(fromIntended);
    allActual.add(fromActual);
    if (log != null) {
      log.outputIntervalHistogram(fromIntended);
      log.outputIntervalHistogram(fromActual);
    }
    return fromIntended;
  }

  /// Over all closed intervals.
  Histogram fromIntended() {
    return allIntended;
  }

  /// Over all closed intervals.
  Histogram fromActual() {
    return allActual;
  }

  static double millis(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / MILLIS;
  }

  @Nullable Path folder() {
    return folder;
  }

  /// Writes the percentiles, in microseconds.
  @Override
  public void close() throws IOException {
    if (file == null || folder == null) {
      return;
    }
    file.close();
    write(folder.resolve("latency-intended.hgrm"), allIntended);
    write(folder.resolve("latency-actual.hgrm"), allActual);
  }

  private static void write(Path path, Histogram histogram) throws IOException {
    try (PrintStream out = stream(path)) {
      histogram.outputPercentileDistribution(out, MICROS);
    }
  }
}
