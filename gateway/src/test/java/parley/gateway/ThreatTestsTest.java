package parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/threat-tests.md` names tests; each of them exists under that name and is one.
class ThreatTestsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern NAMED =
      Pattern.compile("`([A-Z]\\w*(?:Test|IT|Fuzz|Campaign))(?:#(\\w+))?`");
  private static final Pattern ANNOTATED =
      Pattern.compile(
          "@(?:Test|ParameterizedTest|FuzzTest)\\b(?:[^;{}]|\\{[^{}]*\\})*?void (\\w+)\\(");
  private static final List<String> ROWS =
      List.of(
          "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "16", "17", "18", "19", "20", "21",
          "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33");

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Map<String, Path> sources = sources();
    List<String> missing = new ArrayList<>();
    Matcher named = NAMED.matcher(page());
    int count = 0;
    while (named.find()) {
      count++;
      Path source = sources.get(named.group(1));
      List<String> tests = source == null ? List.of() : tests(source);
      boolean exists = named.group(2) == null ? !tests.isEmpty() : tests.contains(named.group(2));
      if (!exists) {
        missing.add(named.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(count).isGreaterThan(100);
  }

  @Test
  void everyRowHasTests() throws IOException {
    List<String> rows = page().lines().filter(line -> line.matches("\\| \\d+ \\|.*")).toList();
    assertThat(rows)
        .extracting(row -> row.split("\\|", -1)[1].strip())
        .containsExactlyElementsOf(ROWS);
    assertThat(rows).allMatch(row -> NAMED.matcher(row).find());
  }

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/threat-tests.md"));
  }

  private static Map<String, Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(ThreatTestsTest::javaFiles)
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  file -> file,
                  (first, _) -> first));
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The methods of a source that JUnit or Jazzer runs.
  private static List<String> tests(Path source) throws IOException {
    Matcher test = ANNOTATED.matcher(Files.readString(source));
    List<String> names = new ArrayList<>();
    while (test.find()) {
      names.add(test.group(1));
    }
    return names;
  }
}
