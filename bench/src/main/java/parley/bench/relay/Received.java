package parley.bench.relay;

import java.util.HashMap;
import java.util.Map;

/// What the receiver says of a window.
///
/// @param packets each counted once for each port
/// @param strays datagrams of no window: announcements, reports
/// @param silent how often a port received nothing of a stream
/// @param dropped by the kernel before the receiver read them
/// @param nanos from the first packet to the last
public record Received(
    long packets,
    long duplicates,
    long strays,
    int silent,
    long dropped,
    long nanos,
    long p50Nanos,
    long p99Nanos,
    long p999Nanos,
    long maxNanos) {

  /// Of `12 duplicates 0 strays 3 ...`, the line behind its first word.
  static Received parse(String line) {
    String[] words = ("received " + line).split(" ", -1);
    Map<String, Long> values = new HashMap<>();
    for (int i = 0; i + 1 < words.length; i += 2) {
      values.put(words[i], Long.valueOf(words[i + 1]));
    }
    return new Received(
        value(values, "received"),
        value(values, "duplicates"),
        value(values, "strays"),
        (int) value(values, "silent"),
        value(values, "dropped"),
        value(values, "nanos"),
        value(values, "p50"),
        value(values, "p99"),
        value(values, "p999"),
        value(values, "max"));
  }

  private static long value(Map<String, Long> values, String name) {
    Long value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the receiver does not say " + name);
    }
    return value;
  }
}
