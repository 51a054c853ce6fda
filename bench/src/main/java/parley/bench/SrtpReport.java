package parley.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// SRTP side by side: table, ratios, CSV and a chart, and a guard against a kernel that is far
/// slower than it should be.
///
/// The guard is for the trap that a kernel once fell into, old and new vector instructions mixed
/// with dirty upper halves: it still computed rightly, fifty times slower.
record SrtpReport(Machine machine, List<SrtpRow> rows) {
  static final String OURS = "native";
  static final String PEER = "jitsi-srtp";

  /// The least that `native` must be faster than `jitsi-srtp` before its kernel is called sick.
  private static final double SICK_BELOW = 2;

  void print(PrintStream out) {
    machine.facts().forEach((name, value) -> out.printf("%-8s %s%n", name, value));
    out.printf(
        "%n%-24s %-24s %7s %7s %-9s %9s %8s %9s %9s%n",
        "implementation",
        "profile",
        "payload",
        "streams",
        "operation",
        "ns",
        "spread",
        "octets",
        "vs jitsi");
    sorted().forEach(row -> out.println(line(row)));
    List<String> goals = new SrtpGoals(sorted()).sentences();
    if (!goals.isEmpty()) {
      out.println();
      goals.forEach(out::println);
    }
  }

  private List<SrtpRow> sorted() {
    return rows.stream()
        .sorted(
            Comparator.comparing(SrtpRow::profile)
                .thenComparingInt(SrtpRow::payload)
                .thenComparingInt(SrtpRow::streams)
                .thenComparing(SrtpRow::operation)
                .thenComparingDouble(SrtpRow::nsPerPacket))
        .toList();
  }

  private String line(SrtpRow row) {
    double ratio = ratio(row);
    return String.format(
        Locale.ROOT,
        "%-24s %-24s %7d %7d %-9s %9.1f %6.1f %% %9s %9s",
        row.implementation(),
        row.profile(),
        row.payload(),
        row.streams(),
        row.operation(),
        row.nsPerPacket(),
        row.spreadPercent(),
        row.allocated(),
        Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2fx", ratio));
  }

  /// How many times faster than jitsi-srtp at the same work; not a number where it did not run.
  double ratio(SrtpRow row) {
    return rows.stream()
        .filter(other -> other.implementation().equals(PEER) && other.isComparableWith(row))
        .mapToDouble(other -> other.nsPerPacket() / row.nsPerPacket())
        .findFirst()
        .orElse(Double.NaN);
  }

  /// One sentence for each row of the kernel that is far slower than it should be.
  List<String> sick() {
    List<String> found = new ArrayList<>();
    for (SrtpRow row : rows) {
      if (row.isOfKernel() && ratio(row) < SICK_BELOW) {
        found.add(
            String.format(
                Locale.ROOT,
                "%s needs %.0f ns for %s of %d octets with %s, only %.1fx jitsi-srtp's speed: is a"
                    + " vzeroupper missing?",
                row.implementation(),
                row.nsPerPacket(),
                row.operation(),
                row.payload(),
                row.profile(),
                ratio(row)));
      }
    }
    return found;
  }

  /// `srtp.csv` and `srtp.svg` in this folder.
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var csv = new StringBuilder(SrtpRow.CSV);
    sorted().forEach(row -> csv.append(row.csv()));
    Files.writeString(folder.resolve("srtp.csv"), csv);
    Files.writeString(folder.resolve("srtp.svg"), new BarChart(chartTitle(), chartRows()).svg());
  }

  private String chartTitle() {
    return "SRTP, ns per packet, protect, 1 stream: " + machine.facts().get("cpu");
  }

  private List<BarChart.Bar> chartRows() {
    return sorted().stream()
        .filter(row -> row.operation().equals(SrtpGoals.PROTECT) && row.streams() == 1)
        .map(row ->
            new BarChart.Bar(
                row.profile() + ", " + row.payload() + " octets",
                row.implementation(),
                row.nsPerPacket(),
                row.isOfKernel()))
        .toList();
  }
}
