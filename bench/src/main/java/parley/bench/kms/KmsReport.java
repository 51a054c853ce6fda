package parley.bench.kms;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import parley.bench.BarChart;
import parley.bench.Machine;

/// A KMS's key sets a second: table, ratios, CSV and a chart.
///
/// @param head what was measured how
record KmsReport(Machine machine, List<String> head, List<KmsRow> rows) {
  static final String ISSUER = "issuer alone, one thread";
  static final String WOLFSSL = "wolfSSL, RSK and ECCSI pair";
  static final String KEPT = "HTTPS, kept connections";
  static final String NEW = "HTTPS, a new connection each";
  static final String OPENSSL = "openssl s_server, handshakes alone";

  void print(PrintStream out) {
    machine.facts().forEach((name, value) -> out.printf("%-8s %s%n", name, value));
    out.println();
    head.forEach(out::println);
    out.println();
    out.println(KmsRow.HEAD);
    rows.forEach(row -> out.println(row.line()));
    out.println();
    ratio(ISSUER, WOLFSSL, "the issuer makes %.1fx the key sets of wolfSSL")
        .ifPresent(out::println);
    ratio(KEPT, ISSUER, "over kept connections a core gives %.2fx of what its issuer makes")
        .ifPresent(out::println);
    ratio(NEW, OPENSSL, "with a new connection each it gives %.2fx of OpenSSL's handshakes")
        .ifPresent(out::println);
  }

  private Optional<String> ratio(String one, String other, String sentence) {
    Optional<KmsRow> first = row(one);
    Optional<KmsRow> second = row(other);
    return first.isEmpty() || second.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                sentence,
                first.get().perSecond().median() / second.get().perSecond().median()));
  }

  private Optional<KmsRow> row(String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst();
  }

  /// `kms.csv` and `kms.svg` in this folder.
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var csv = new StringBuilder(KmsRow.CSV);
    rows.forEach(row -> csv.append(row.csv()));
    Files.writeString(folder.resolve("kms.csv"), csv);
    String title = "A KMS on one core, a second: " + machine.facts().get("cpu");
    Files.writeString(folder.resolve("kms.svg"), new BarChart(title, bars()).svg());
  }

  private List<BarChart.Bar> bars() {
    return rows.stream()
        .map(row ->
            new BarChart.Bar(
                row.name().equals(OPENSSL) ? "handshakes" : "key sets",
                row.name(),
                row.perSecond().median(),
                !row.name().equals(OPENSSL) && !row.name().equals(WOLFSSL)))
        .toList();
  }
}
