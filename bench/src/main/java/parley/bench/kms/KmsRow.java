package parley.bench.kms;

import java.util.List;
import java.util.Locale;
import parley.bench.relay.Numbers;

/// One line of the table.
///
/// @param perSecond key sets; handshakes for OpenSSL
/// @param cpuMicros of the server's process for each
/// @param p50 milliseconds from question to opened answer
record KmsRow(String name, Numbers perSecond, Numbers cpuMicros, double p50, double p99) {
  static final String CSV = "what,per_second,spread_percent,cpu_us_each,p50_ms,p99_ms\n";
  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-44s %12s %9s %12s %9s %9s",
          "what",
          "per second",
          "spread",
          "CPU us each",
          "p50 ms",
          "p99 ms");

  /// Without a network.
  static KmsRow of(String name, List<Double> perSecond) {
    return new KmsRow(name, Numbers.of(perSecond), Numbers.of(List.of()), Double.NaN, Double.NaN);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-44s %12.0f %7.1f %% %12s %9s %9s",
        name,
        perSecond.median(),
        perSecond.spreadPercent(),
        shown("%.0f", cpuMicros.median(), "-"),
        shown("%.1f", p50, "-"),
        shown("%.1f", p99, "-"));
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%s,%.1f,%.1f,%s,%s,%s%n",
        name,
        perSecond.median(),
        perSecond.spreadPercent(),
        shown("%.1f", cpuMicros.median(), ""),
        shown("%.2f", p50, ""),
        shown("%.2f", p99, ""));
  }

  private static String shown(String format, double value, String missing) {
    return Double.isNaN(value) ? missing : String.format(Locale.ROOT, format, value);
  }
}
