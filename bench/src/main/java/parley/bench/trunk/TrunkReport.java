package parley.bench.trunk;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import parley.bench.BarChart;
import parley.bench.Machine;

/// Trunks beside legs: table, CSV and a chart.
///
/// @param head what the gateways were started with
/// @param notes what was left out, and why
record TrunkReport(Machine machine, List<String> head, List<TrunkRow> rows, List<String> notes) {
  void print(PrintStream out) {
    machine.facts().forEach((name, value) -> out.printf("%-8s %s%n", name, value));
    out.println();
    head.forEach(out::println);
    out.println();
    out.println(TrunkRow.HEAD);
    rows.forEach(row -> out.println(row.line()));
    out.println();
    out.println(
        "A hears a leg for each group and sends to B, by such legs or by one trunk; B sends");
    out.println("to one receiver. ns: CPU of that process alone for each packet at the receiver;");
    out.println("of legs: by the same process in the same round, both: A and B together.");
    out.println("sent, heard: packets of a message that A gave to the kernel, that B got from it.");
    out.println("On loopback the kernel brings a packet to B's socket at A's expense, and a");
    out.println("message of many packets whole. Announcements wait while a window runs.");
    out.println("! sender or receiver came to their end; that row says nothing of the gateways.");
    notes.forEach(note -> out.println("note: " + note));
  }

  /// `trunk.csv` and `trunk.svg` in this folder.
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var csv = new StringBuilder(TrunkRow.CSV);
    rows.forEach(row -> csv.append(row.csv()));
    Files.writeString(folder.resolve("trunk.csv"), csv);
    Files.writeString(
        folder.resolve("trunk.svg"),
        new BarChart("Trunks: " + machine.facts().get("cpu"), bars()).svg());
  }

  private List<BarChart.Bar> bars() {
    return rows.stream()
        .flatMap(row ->
            Stream.of(bar("A", row, row.first().median()), bar("B", row, row.second().median())))
        .toList();
  }

  private static BarChart.Bar bar(String gateway, TrunkRow row, double nanos) {
    return new BarChart.Bar(
        "CPU ns a packet, " + row.side().name(),
        "%s, %s".formatted(gateway, row.way().label()),
        nanos,
        row.way() == Way.TRUNK);
  }
}
