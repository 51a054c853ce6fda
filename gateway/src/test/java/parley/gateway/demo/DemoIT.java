package parley.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.ue.Speech;

/// The demo as a user runs it, in this process.
class DemoIT {
  @TempDir Path directory;

  @Test
  void playsTheWholeSystemAndFindsEverythingRight() throws Exception {
    StringWriter shown = new StringWriter();
    boolean right;
    try (DemoFolder work = DemoFolder.in(directory, false)) {
      Terminal terminal = new Terminal(new PrintWriter(shown), false);
      right = new Demo(work.path(), directory, terminal).play();
    }
    assertThat(right).as(shown.toString()).isTrue();
    assertThat(shown.toString())
        .contains(
            "bad_signature", "rand_not_bound", "bad_mac", "not_permitted", "duplicate", "bad_tag")
        .doesNotContain("BAD ", "\033[");
    assertThat(Speech.read(directory.resolve("1-alice.ogg")).frames()).hasSize(350);
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "1-alice.wav", "1-alice.ogg", "2-bob.wav", "3-alice.wav", "3-alice.ogg");
    }
  }
}
