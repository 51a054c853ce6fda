package parley.bench.growth;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import parley.bench.BarChart;
import parley.bench.Machine;

/// Gateways of rising size: table, verdicts, CSV and a chart.
///
/// @param head what they were started with
/// @param notes what was left out, and why
record GrowthReport(Machine machine, List<String> head, List<GrowthRow> rows, List<String> notes) {
  void print(PrintStream out) {
    machine.facts().forEach((name, value) -> out.printf("%-8s %s%n", name, value));
    out.println();
    head.forEach(out::println);
    out.println();
    out.println(GrowthRow.HEAD);
    rows.forEach(row -> out.println(row.line()));
    out.println();
    out.printf(
        "%d receivers of each group; an active one has a packet every 20 ms.%n", Scale.RECEIVERS);
    out.printf(
        "* not a tenth of the groups, which would be more than one core relays: the rate stays at %d.%n",
        Scale.MOST_ACTIVE * Scale.PACKETS_PER_SECOND);
    rows.stream()
        .filter(row -> !row.scale().jvmOptions().isEmpty())
        .forEach(row ->
            out.printf(
                "%d groups: with %s.%n",
                row.scale().groups(), String.join(" ", row.scale().jvmOptions())));
    out.println("! sender or receiver came to their end; that row says nothing of the gateway.");
    out.println(
        "ready s: from the start to the first answer; idle %: of one processor, without any media;");
    out.println("heap: after a collection of all of it. The two rows of loops may use every core.");
    out.println();
    new GrowthGoals(rows).sentences().forEach(out::println);
    notes.forEach(note -> out.println("note: " + note));
  }

  /// `growth.csv` and `growth.svg` in this folder.
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var csv = new StringBuilder(GrowthRow.CSV);
    rows.forEach(row -> csv.append(row.csv()));
    Files.writeString(folder.resolve("growth.csv"), csv);
    Files.writeString(
        folder.resolve("growth.svg"),
        new BarChart("Growth: " + machine.facts().get("cpu"), bars()).svg());
  }

  private List<BarChart.Bar> bars() {
    Stream<BarChart.Bar> memory =
        rows.stream()
            .filter(row -> !row.scale().isFree())
            .map(row -> bar("resident memory, MiB", row, row.rssMib()));
    Stream<BarChart.Bar> cpu =
        rows.stream()
            .map(row -> bar("CPU ns per output packet", row, row.cpuNanosPerOutput().median()));
    return Stream.concat(memory, cpu).toList();
  }

  private static BarChart.Bar bar(String group, GrowthRow row, double value) {
    Scale scale = row.scale();
    String label =
        "%d groups, %s%s"
            .formatted(
                scale.groups(), scale.io(), scale.isFree() ? ", loops: " + scale.loops() : "");
    return new BarChart.Bar(group, label, value, true);
  }
}
