package parley.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When a JVM stopped all its threads, and for how long: lines of `-Xlog:safepoint`.
///
/// @param nanos of each pause, from the request to the end, in the order of time
record SafepointLog(List<Long> nanos) {
  private static final Pattern TOTAL = Pattern.compile("Total: +(\\d+) ns");

  SafepointLog {
    nanos = List.copyOf(nanos);
  }

  static SafepointLog read(Path file) throws IOException {
    return parse(Files.readAllLines(file));
  }

  static SafepointLog parse(List<String> lines) {
    return new SafepointLog(
        lines.stream()
            .map(TOTAL::matcher)
            .filter(Matcher::find)
            .map(found -> Long.valueOf(found.group(1)))
            .toList());
  }

  int pauses() {
    return nanos.size();
  }

  /// Without the first so many.
  SafepointLog after(int skipped) {
    return new SafepointLog(nanos.subList(skipped, nanos.size()));
  }

  double longestMillis() {
    return nanos.stream().mapToLong(Long::longValue).max().orElse(0) / 1e6;
  }

  /// How many were longer than this.
  long longerThan(double millis) {
    return nanos.stream().filter(pause -> pause > millis * 1e6).count();
  }

  double totalMillis() {
    return nanos.stream().mapToLong(Long::longValue).sum() / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d pauses, the longest %.2f ms, %.1f ms together",
        pauses(),
        longestMillis(),
        totalMillis());
  }
}
