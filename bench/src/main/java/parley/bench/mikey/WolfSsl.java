package parley.bench.mikey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import parley.bench.CProgram;

/// wolfSSL as Debian builds it, in a program in C that is compiled here.
final class WolfSsl {
  private static final Map<String, String> OPERATIONS =
      new TreeMap<>(
          Map.of(
              "eccsi-sign", "eccsiSign",
              "eccsi-verify-known", "eccsiVerifyKnown",
              "eccsi-verify-new", "eccsiVerifyNew",
              "sakke-encapsulate", "sakkeEncapsulate",
              "sakke-encapsulate-again", "sakkeEncapsulateAgain",
              "sakke-decapsulate", "sakkeDecapsulate"));

  private final Path source;

  /// @param home the bench folder of the source tree
  WolfSsl(Path home) {
    this.source = home.resolve("src/main/c/wolfssl_mikey.c");
  }

  /// A row for each operation; none, with a line that says so, where it cannot be compiled.
  List<MikeyRow> run(boolean quick) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("parley-wolfssl");
    try {
      Optional<CProgram> program = CProgram.compile(source, folder, "-lwolfssl");
      return program.isPresent() ? rows(program.get(), quick) : List.of();
    } finally {
      CProgram.delete(folder);
    }
  }

  private static List<MikeyRow> rows(CProgram program, boolean quick)
      throws IOException, InterruptedException {
    Map<String, DoubleSummaryStatistics> rates = new TreeMap<>();
    for (String line : program.lines(quick ? "3" : "10", quick ? "500" : "1000")) {
      int space = line.indexOf(' ');
      rates
          .computeIfAbsent(line.substring(0, space), _ -> new DoubleSummaryStatistics())
          .accept(Double.parseDouble(line.substring(space + 1)));
    }
    List<MikeyRow> rows = new ArrayList<>();
    OPERATIONS.forEach((theirs, ours) -> {
      DoubleSummaryStatistics rate = rates.get(theirs);
      if (rate != null) {
        rows.add(
            MikeyRow.of(MikeyGoals.WOLFSSL, ours, rate.getAverage(), rate.getMin(), rate.getMax()));
      }
    });
    return rows;
  }
}
