package parley.bench.relay;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import parley.bench.BarChart;
import parley.bench.Machine;

/// Relays side by side: table, ratios, CSV and a chart.
///
/// @param configurations one line for each contestant: what it was started with
/// @param notes what was left out, and why
record RelayReport(
    Machine machine, List<String> configurations, List<RelayRow> rows, List<String> notes) {
  private static final String FLOOR = "C epoll";
  private static final String PEER = "rtpengine";

  void print(PrintStream out) {
    machine.facts().forEach((name, value) -> out.printf("%-8s %s%n", name, value));
    out.println();
    configurations.forEach(out::println);
    out.printf(
        "%n%-25s %-8s %4s %7s %9s %7s %6s %6s %6s %9s %9s %8s %8s %8s %7s%n",
        "relay",
        "mode",
        "N",
        "in/s",
        "ns/output",
        "spread",
        "loss",
        "vs C",
        "vs rtp",
        "clean/s",
        "at twice",
        "p50 us",
        "p99 us",
        "p999 us",
        "octets");
    rows.forEach(row -> out.println(line(row)));
    out.println();
    out.println(
        "vs C: CPU against C epoll; vs rtp: against rtpengine of the same mode; clean/s: packets a");
    out.println(
        "second out with loss under 0.1 %; at twice: delivered at twice that rate, in percent of it");
    out.println(
        "(died: half that rate is not delivered afterwards); octets: allocated for each packet in by");
    out.println("the threads that it passes, in a window without announcements.");
    notes.forEach(note -> out.println("note: " + note));
  }

  private String line(RelayRow row) {
    return String.format(
        Locale.ROOT,
        "%-25s %-8s %4d %7s %9s %7s %6s %6s %6s %9s %9s %8s %8s %8s %7s",
        row.relay(),
        row.mode(),
        row.fanout(),
        RelayRow.field("%.0f", row.rateIn()),
        RelayRow.field("%.0f", row.cpuNanosPerOutput()),
        RelayRow.field("%.1f %%", row.spreadPercent()),
        RelayRow.field("%.2f", row.lossPercent()),
        RelayRow.field("%.2fx", ratio(row, FLOOR, "forward")),
        RelayRow.field("%.2fx", ratio(row, PEER, row.mode())),
        (row.rigBound() ? ">" : "") + RelayRow.field("%.0f", row.cleanRateOut()),
        RelayRow.field("%.0f %%", row.overloadPercent())
            + (Double.isNaN(row.overloadPercent()) || row.survives() ? "" : " died"),
        RelayRow.field("%.0f", row.p50Micros()),
        RelayRow.field("%.0f", row.p99Micros()),
        RelayRow.field("%.0f", row.p999Micros()),
        RelayRow.field("%.1f", row.allocatedPerPacket()));
  }

  /// CPU for each output packet against another relay at the same fan-out.
  double ratio(RelayRow row, String relay, String mode) {
    return rows.stream()
        .filter(other ->
            other.relay().equals(relay)
                && other.mode().equals(mode)
                && other.fanout() == row.fanout())
        .mapToDouble(other -> row.cpuNanosPerOutput() / other.cpuNanosPerOutput())
        .findFirst()
        .orElse(Double.NaN);
  }

  /// `relay.csv` and `relay.svg` in this folder.
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var csv = new StringBuilder(RelayRow.CSV);
    rows.forEach(row -> csv.append(row.csv()));
    Files.writeString(folder.resolve("relay.csv"), csv);
    Files.writeString(folder.resolve("relay.svg"), new BarChart(title(), bars()).svg());
  }

  private String title() {
    return "Relay, CPU ns per output packet: " + machine.facts().get("cpu");
  }

  private List<BarChart.Bar> bars() {
    return rows.stream()
        .filter(row -> row.cpuNanosPerOutput() > 0)
        .map(row ->
            new BarChart.Bar(
                "%d receivers, %.0f packets/s in".formatted(row.fanout(), row.rateIn()),
                row.relay() + ", " + row.mode(),
                row.cpuNanosPerOutput(),
                row.relay().startsWith("parley")))
        .toList();
  }
}
