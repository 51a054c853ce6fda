package parley.bench.relay;

import java.time.Duration;
import java.util.List;

/// How much is measured.
///
/// @param fanouts receivers of each packet
/// @param seconds of each window in which CPU is measured
/// @param cleanRounds how often the highest clean rate is searched; 0 for not at all
/// @param limitsAt the fan-outs at which it is searched
/// @param trialSeconds of each window of that search
/// @param precision of that search
/// @param warmUp traffic before the first window
record Plan(
    List<Integer> fanouts,
    int rounds,
    double seconds,
    int cleanRounds,
    List<Integer> limitsAt,
    double trialSeconds,
    double precision,
    Duration warmUp) {
  static final double LATENCY_RATE = 5000;

  /// Packets a second in, while CPU is measured.
  static double rate(int fanout) {
    return switch (fanout) {
      case 1 -> 15_000;
      case 10 -> 3_600;
      case 100 -> 360;
      default -> Math.max(20, 36_000.0 / fanout);
    };
  }

  /// Packets a second in, while compilers see traffic: all contestants take them without loss.
  static double warmUpRate(int fanout) {
    return Math.min(rate(1), 80_000.0 / fanout);
  }

  /// Whether the highest clean rate is searched at this fan-out.
  boolean searchesAt(int fanout) {
    return cleanRounds > 0 && limitsAt.contains(fanout);
  }
}
