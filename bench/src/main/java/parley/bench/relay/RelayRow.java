package parley.bench.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What was measured of one contestant at one fan-out. What was not is not a number.
///
/// @param rateIn packets a second offered while CPU was measured
/// @param cleanRateOut highest rate with loss under 0.1 percent, packets a second at all receivers
/// @param rigBound whether sender or receiver ended the search, so that the limit lies above
/// @param overloadPercent delivered at twice the clean rate, in percent of the clean rate
/// @param survives whether half the clean rate is delivered cleanly right after that
record RelayRow(
    String relay,
    String mode,
    int fanout,
    double rateIn,
    double cpuNanosPerOutput,
    double spreadPercent,
    double lossPercent,
    double cleanRateOut,
    boolean rigBound,
    double overloadPercent,
    boolean survives,
    double p50Micros,
    double p99Micros,
    double p999Micros,
    double allocatedPerPacket) {
  static final String CSV =
      "relay,mode,fanout,rate_in,cpu_ns_per_output,spread_percent,clean_rate_out,p50_us,p99_us,p999_us,bytes_allocated\n";

  String csv() {
    List<String> fields = new ArrayList<>(List.of(relay, mode, Integer.toString(fanout)));
    fields.add(field("%.0f", rateIn));
    fields.add(field("%.0f", cpuNanosPerOutput));
    fields.add(field("%.1f", spreadPercent));
    fields.add((rigBound ? ">" : "") + field("%.0f", cleanRateOut));
    fields.add(field("%.1f", p50Micros));
    fields.add(field("%.1f", p99Micros));
    fields.add(field("%.1f", p999Micros));
    fields.add(field("%.2f", allocatedPerPacket));
    return String.join(",", fields) + "\n";
  }

  /// `-` for what is not a number.
  static String field(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}
