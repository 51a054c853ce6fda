package parley.bench.mikey;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import parley.bench.BarChart;
import parley.bench.Machine;

/// ECCSI, SAKKE and announcements side by side: table, goals, CSV and a chart.
record MikeyReport(Machine machine, List<MikeyRow> rows) {
  void print(PrintStream out) {
    machine.facts().forEach((name, value) -> out.printf("%-8s %s%n", name, value));
    out.printf(
        "%n%-24s %-22s %12s %9s %9s%n",
        "operation", "implementation", "per second", "spread", "vs BC");
    sorted().forEach(row -> out.println(line(row)));
    out.println();
    new MikeyGoals(rows).sentences().forEach(out::println);
  }

  private List<MikeyRow> sorted() {
    return rows.stream()
        .sorted(
            Comparator.comparing(MikeyRow::operation)
                .thenComparing(Comparator.comparingDouble(MikeyRow::opsPerSecond).reversed()))
        .toList();
  }

  private String line(MikeyRow row) {
    double ratio = ratio(row);
    return String.format(
        Locale.ROOT,
        "%-24s %-22s %12.1f %7.1f %% %9s",
        row.operation(),
        row.implementation(),
        row.opsPerSecond(),
        row.spreadPercent(),
        Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.1fx", ratio));
  }

  /// How many times as fast as Bouncy Castle at the same work; not a number where it did not run.
  double ratio(MikeyRow row) {
    return rows.stream()
        .filter(other -> other.implementation().equals(MikeyBenchmark.BOUNCY_CASTLE))
        .filter(other -> other.operation().equals(row.operation()))
        .mapToDouble(other -> row.opsPerSecond() / other.opsPerSecond())
        .findFirst()
        .orElse(Double.NaN);
  }

  /// `mikey.csv` and `mikey.svg` in this folder.
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var csv = new StringBuilder(MikeyRow.CSV);
    sorted().forEach(row -> csv.append(row.csv()));
    Files.writeString(folder.resolve("mikey.csv"), csv);
    String title = "MIKEY-SAKKE, operations a second: " + machine.facts().get("cpu");
    Files.writeString(folder.resolve("mikey.svg"), new BarChart(title, bars()).svg());
  }

  private List<BarChart.Bar> bars() {
    return sorted().stream()
        .map(row ->
            new BarChart.Bar(
                row.operation(),
                row.implementation(),
                row.opsPerSecond(),
                row.implementation().startsWith(MikeyGoals.OURS)))
        .toList();
  }
}
