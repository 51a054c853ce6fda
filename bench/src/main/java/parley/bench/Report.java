package parley.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The table on the terminal and the same as CSV.
record Report(Machine machine, List<Measurement> measurements) {
  void print(PrintStream out) {
    out.println();
    machine.facts().forEach((name, value) -> out.printf("%-8s %s%n", name, value));
    out.println();
    out.printf(
        "%-42s %-46s %12s %8s %14s%n", "benchmark", "parameters", "time", "spread", "per second");
    measurements.forEach(m -> out.println(row(m)));
  }

  static String row(Measurement m) {
    return "%-42s %-46s %8.1f %s %6.1f %% %14.0f"
        .formatted(
            m.benchmark(),
            m.parameters(),
            m.mean(),
            m.unit().substring(0, 2),
            m.spreadPercent(),
            m.perSecond());
  }

  void write(Path file) throws IOException {
    var csv = new StringBuilder();
    machine.facts().forEach((name, value) -> csv.append("# %s: %s%n".formatted(name, value)));
    csv.append("benchmark,parameters,unit,mean,min,max,samples\n");
    for (Measurement m : measurements) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%s,%s,%s,%.3f,%.3f,%.3f,%d%n",
              m.benchmark(),
              m.parameters(),
              m.unit(),
              m.mean(),
              m.min(),
              m.max(),
              m.samples()));
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, csv);
  }
}
