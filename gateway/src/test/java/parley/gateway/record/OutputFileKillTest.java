package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OutputFileKillTest {
  @TempDir Path directory;

  @Test
  void interruptedExportLeavesNoHalfFile() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Half.class.getName(),
                directory.toString())
            .start();
    try (var out = child.inputReader()) {
      assertThat(out.readLine()).isEqualTo("half");
      assertThat(directory).isNotEmptyDirectory();
      child.destroy(); // as Ctrl-C and a service manager do
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly();
    }

    assertThat(directory).isEmptyDirectory();
  }

  /// Begins a file and never ends it.
  static final class Half {
    public static void main(String[] args) throws Exception {
      try (var file = new OutputFile(Path.of(args[0], "speech.wav"), false)) {
        file.write(new byte[200_000]);
        System.out.println("half");
        new CountDownLatch(1).await();
        file.finish();
      }
    }
  }
}
