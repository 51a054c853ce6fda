package parley.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Another program, run to its end: a real peer of what is tested.
///
/// Where it is not installed the test is skipped with a line that says so; with `CI=true` in the
/// environment it fails.
public final class Program {
  private Program() {}

  /// What a program said, on both of its outputs, and how it ended.
  public record Result(int exit, String said) {}

  /// @param debianPackage that brings `name`
  public static void require(String name, String debianPackage) {
    boolean isThere =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    if (!isThere) {
      String message = "SKIPPED: " + name + " is not installed (Debian: " + debianPackage + ")";
      System.err.println(message);
      assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
      Assumptions.abort(message);
    }
  }

  /// Runs it with `input` on its standard input.
  public static Result run(String input, String... command) throws IOException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(input);
    } catch (IOException _) {
      // it ended before it read everything, and says why
    }
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), said);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
