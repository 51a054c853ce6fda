package parley.mikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the fuzzer kept from its campaigns, each way through the readers once more: without the
/// fuzzer, so in every build.
class KeptInputsTest {
  private static final Path KEPT =
      Path.of("src/test/resources/parley/mikey/ParserFuzzInputs/isReadOrRefused");

  @Test
  void eachIsReadOrRefused() throws Exception {
    try (var files = Files.list(KEPT)) {
      List<Path> kept = files.toList();
      assertThat(kept).hasSizeGreaterThan(600);
      for (Path file : kept) {
        ParserTarget.fuzzerTestOneInput(Files.readAllBytes(file));
      }
    }
  }
}
