package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The C kernel under the tools that see what no caller can: a forbidden page behind every packet,
/// AddressSanitizer, UndefinedBehaviorSanitizer, valgrind.
class KernelTest {
  private static final Path TESTED = Path.of("src/main/c");
  private static final Path TESTS = Path.of("src/test/c/kernel_test.c");

  @TempDir static Path folder;

  /// As it is shipped.
  private static Path shipped = Path.of("unset");

  @BeforeAll
  static void onlyWhereTheKernelRuns() throws Exception {
    boolean here =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    Assumptions.assumeTrue(here, "the kernel is for Linux on x86-64");
    require("cc");
    shipped = compile("-O3");
  }

  @Test
  void touchesNothingOutsideAPacketAndAllTiersAgree() throws Exception {
    assertThat(run(shipped.toString(), "20000")).contains("20000 rounds");
  }

  /// AddressSanitizer by calls: in line it takes the compiler half as long again.
  @Test
  void satisfiesTheSanitizers() throws Exception {
    Path program =
        compile(
            "-O1",
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all",
            "--param=asan-instrumentation-with-call-threshold=0");
    assertThat(run(program.toString(), "5000")).contains("5000 rounds");
  }

  @Test
  void satisfiesValgrind() throws Exception {
    require("valgrind");
    assertThat(run("valgrind", "-q", "--error-exitcode=9", shipped.toString(), "100"))
        .contains("100 rounds");
  }

  @Test
  void comparesTagsInConstantTime() throws Exception {
    assertThat(run(shipped.toString(), "1", "time")).contains("first octet wrong");
  }

  private static Path compile(String... flags) throws Exception {
    Path program = Files.createTempFile(folder, "kernel_test", "");
    List<String> command = new ArrayList<>(List.of("cc", "-std=gnu11", "-o", program.toString()));
    command.addAll(List.of(flags));
    command.add(TESTS.toString());
    try (Stream<Path> sources = Files.list(TESTED)) {
      sources.map(Path::toString).filter(name -> name.endsWith(".c")).forEach(command::add);
    }
    run(command.toArray(String[]::new));
    return program;
  }

  private static void require(String tool) {
    try {
      new ProcessBuilder(tool, "--version")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException _) {
      String message = "SKIPPED: " + tool + " is not installed";
      System.err.println(message);
      assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
      Assumptions.abort(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + said).isZero();
    return said;
  }
}
