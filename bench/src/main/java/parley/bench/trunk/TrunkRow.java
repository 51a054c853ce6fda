package parley.bench.trunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import parley.bench.relay.Numbers;
import parley.bench.relay.Window;

/// What was measured of one way on one side: medians of the rounds, each CPU time that of one
/// process alone, for each packet that came out at the end.
///
/// Columns of the CSV, in which a field is empty where there is nothing to say:
///
/// - `path`, `groups`, `way`: `batch` or `netty`; groups, in all of which somebody talks; `legs` or
///   `trunk` between the gateways
/// - `rate_in`: packets a second to gateway A, of all groups
/// - `a_ns`, `a_spread_percent`: CPU ns a packet of A, which hears legs and sends by the way; the
///   spread is half of the range
/// - `b_ns`, `b_spread_percent`: of B, which hears by the way and sends to the receiver
/// - `a_of_legs`, `b_of_legs`, `both_of_legs`, `both_of_legs_spread_percent`: those of a trunk over
///   those of the legs in the same round, and of A and B together
/// - `loss_percent`: of the packets offered, at the receiver
/// - `p50_us`, `p99_us`: from the sender's system call to the receiver's kernel, through both
/// - `sent_together`, `heard_together`: packets of a message that A gave to the kernel, and of one
///   that B got from it
/// - `rig_bound`: `true` where sender or receiver came to their end, so that the row says nothing
///
/// @param sent what A says of its trunk in a window
/// @param heard what B says of it
record TrunkRow(
    Side side,
    Way way,
    Numbers first,
    Numbers second,
    Numbers firstOfLegs,
    Numbers secondOfLegs,
    Numbers bothOfLegs,
    double lossPercent,
    double p50Micros,
    double p99Micros,
    TrunkCount sent,
    TrunkCount heard,
    boolean isRigBound) {
  static final String CSV =
      "path,groups,way,rate_in,a_ns,a_spread_percent,b_ns,b_spread_percent,a_of_legs,b_of_legs,"
          + "both_of_legs,both_of_legs_spread_percent,loss_percent,p50_us,p99_us,sent_together,"
          + "heard_together,rig_bound\n";

  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-6s %6s %-6s %7s %8s %8s %8s %8s %9s %9s %9s %8s %7s %7s %7s %6s %6s",
          "path",
          "groups",
          "way",
          "in/s",
          "A ns",
          "spread %",
          "B ns",
          "spread %",
          "A of legs",
          "B of legs",
          "both",
          "spread %",
          "loss %",
          "p50 us",
          "p99 us",
          "sent",
          "heard");

  private static final TrunkCount NOTHING = new TrunkCount(0, 0);

  static TrunkRow ofLegs(Side side, List<Window> windows) {
    return of(side, Way.LEGS, windows, List.of(), NOTHING, NOTHING);
  }

  /// @param legs the windows of the legs in the same rounds; empty where there are none
  static TrunkRow ofTrunk(
      Side side, List<Window> windows, List<Window> legs, TrunkCount sent, TrunkCount heard) {
    return of(side, Way.TRUNK, windows, legs, sent, heard);
  }

  private static TrunkRow of(
      Side side,
      Way way,
      List<Window> windows,
      List<Window> legs,
      TrunkCount sent,
      TrunkCount heard) {
    return new TrunkRow(
        side,
        way,
        numbers(windows, Window::cpuNanosPerOutput),
        numbers(windows, Window::nextCpuNanosPerOutput),
        ratio(windows, legs, Window::cpuNanosPerOutput),
        ratio(windows, legs, Window::nextCpuNanosPerOutput),
        ratio(windows, legs, TrunkRow::both),
        numbers(windows, Window::lossPercent).median(),
        numbers(windows, window -> window.received().p50Nanos() / 1e3).median(),
        numbers(windows, window -> window.received().p99Nanos() / 1e3).median(),
        sent,
        heard,
        windows.stream().anyMatch(Window::isRigAtItsEnd));
  }

  private static double both(Window window) {
    return window.cpuNanosPerOutput() + window.nextCpuNanosPerOutput();
  }

  private static Numbers numbers(List<Window> windows, ToDoubleFunction<Window> what) {
    return Numbers.of(windows.stream().map(what::applyAsDouble).toList());
  }

  /// Round by round, so that what slows a whole round down is in both.
  private static Numbers ratio(
      List<Window> windows, List<Window> legs, ToDoubleFunction<Window> what) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(windows.size(), legs.size()); i++) {
      ratios.add(what.applyAsDouble(windows.get(i)) / what.applyAsDouble(legs.get(i)));
    }
    return Numbers.of(ratios);
  }

  String csv() {
    return String.join(
            ",",
            side.io(),
            Integer.toString(side.groups()),
            way.label(),
            Integer.toString(side.rate()),
            field("%.0f", first.median()),
            field("%.1f", first.spreadPercent()),
            field("%.0f", second.median()),
            field("%.1f", second.spreadPercent()),
            field("%.3f", firstOfLegs.median()),
            field("%.3f", secondOfLegs.median()),
            field("%.3f", bothOfLegs.median()),
            field("%.1f", bothOfLegs.spreadPercent()),
            field("%.3f", lossPercent),
            field("%.0f", p50Micros),
            field("%.0f", p99Micros),
            field("%.2f", sent.framesPerMessage()),
            field("%.2f", heard.framesPerMessage()),
            Boolean.toString(isRigBound))
        + "\n";
  }

  private static String field(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-6s %6d %-6s %7d %8s %8s %8s %8s %9s %9s %9s %8s %7s %7s %7s %6s %6s%s",
        side.io(),
        side.groups(),
        way.label(),
        side.rate(),
        cell("%.0f", first.median()),
        cell("%.1f", first.spreadPercent()),
        cell("%.0f", second.median()),
        cell("%.1f", second.spreadPercent()),
        cell("%.2fx", firstOfLegs.median()),
        cell("%.2fx", secondOfLegs.median()),
        cell("%.2fx", bothOfLegs.median()),
        cell("%.1f", bothOfLegs.spreadPercent()),
        cell("%.2f", lossPercent),
        cell("%.0f", p50Micros),
        cell("%.0f", p99Micros),
        cell("%.1f", sent.framesPerMessage()),
        cell("%.1f", heard.framesPerMessage()),
        isRigBound ? " !" : "");
  }

  private static String cell(String format, double value) {
    String field = field(format, value);
    return field.isEmpty() ? "-" : field;
  }
}
