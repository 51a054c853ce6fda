package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// Other people's programs, which read what we wrote.
final class Tools {
  private Tools() {}

  /// What the program printed. Where it is not installed the test is skipped with a line that says
  /// so; with `CI=true` in the environment it fails.
  static String run(String... command) throws Exception {
    Optional<Process> process = start(command);
    if (process.isEmpty()) {
      String message = "SKIPPED: " + command[0] + " is not installed";
      System.err.println(message);
      assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
      Assumptions.abort(message);
    }
    String printed =
        new String(process.orElseThrow().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.orElseThrow().waitFor()).as(printed).isZero();
    return printed;
  }

  private static Optional<Process> start(String... command) {
    try {
      return Optional.of(new ProcessBuilder(command).redirectErrorStream(true).start());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
