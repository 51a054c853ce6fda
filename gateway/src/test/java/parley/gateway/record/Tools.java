package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// Other people's programs, which read what we wrote.
public final class Tools {
  private Tools() {}

  /// What the program printed; it must end with 0.
  ///
  /// Where it is not installed, as [#skip].
  public static String run(String... command) throws Exception {
    Process process = process(command);
    String printed = print(process);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  /// As [#run], however the program ends.
  public static String print(String... command) throws Exception {
    return print(process(command));
  }

  private static String print(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Process process(String... command) {
    Optional<Process> process = start(command);
    if (process.isEmpty()) {
      skip(command[0] + " is not installed");
    }
    return process.orElseThrow();
  }

  /// A second of a tone, 8000 samples of 16 bits, as WAV: 50 packets of speech.
  public static Path tone(Path file) throws Exception {
    var _ =
        run(
            "sox",
            "-n",
            "-r",
            "8000",
            "-c",
            "1",
            "-b",
            "16",
            file.toString(),
            "synth",
            "1",
            "sine",
            "440");
    return file;
  }

  /// Skips the test with a line that says why; with `CI=true` in the environment it fails.
  public static void skip(String why) {
    String message = "SKIPPED: " + why;
    System.err.println(message);
    assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
    Assumptions.abort(message);
  }

  private static Optional<Process> start(String... command) {
    try {
      return Optional.of(new ProcessBuilder(command).redirectErrorStream(true).start());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
