package parley.gateway.campaign;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a campaign says: a line now and then while it runs, tables when it is over, on the terminal
/// and as a Markdown page in `target/campaign`.
final class Report {
  private static final PrintStream OUT = System.out;

  private final String name;
  private final long began = System.nanoTime();
  private final List<String> page = new ArrayList<>();

  Report(String name, String about) {
    this.name = name;
    page.add("# " + name);
    page.add("");
    page.add(about);
    progress(about);
  }

  /// One line for whoever watches.
  void progress(String line) {
    long seconds = (System.nanoTime() - began) / 1_000_000_000;
    OUT.printf(Locale.ROOT, "[%s %d:%02d] %s%n", name, seconds / 60, seconds % 60, line);
    OUT.flush();
  }

  /// One sentence of the result.
  void result(String sentence) {
    page.add("");
    page.add(sentence);
  }

  /// A table; the first row has the headings.
  void table(String title, List<List<String>> rows) {
    page.add("");
    page.add("## " + title);
    page.add("");
    for (int n = 0; n < rows.size(); n++) {
      page.add("| " + String.join(" | ", rows.get(n)) + " |");
      if (n == 0) {
        page.add("|" + "---|".repeat(rows.getFirst().size()));
      }
    }
  }

  /// Writes a file of comma-separated values beside the page.
  void csv(String part, List<String> lines) throws IOException {
    Files.write(folder().resolve(name + "-" + part + ".csv"), lines, StandardCharsets.UTF_8);
  }

  /// Prints all results and writes the page.
  void close() throws IOException {
    page.forEach(OUT::println);
    OUT.flush();
    Files.write(folder().resolve(name + ".md"), page, StandardCharsets.UTF_8);
  }

  private static Path folder() throws IOException {
    return Files.createDirectories(Path.of("target", "campaign"));
  }
}
