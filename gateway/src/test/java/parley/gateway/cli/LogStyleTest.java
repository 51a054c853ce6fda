package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.log.LogQueue;

/// Runs a JVM of its own, because a log is configured once.
class LogStyleTest {
  @TempDir Path folder;

  @Test
  void logsOneJsonObjectPerLineToStderrOnly() throws Exception {
    Output output = log("--log=json");

    assertThat(output.err().strip().lines().toList().getFirst())
        .startsWith("{\"time\":\"")
        .contains("\"message\":\"a burst began\"")
        .contains("\"level\":\"INFO\"");
    assertThat(output.out()).isEmpty();
  }

  @Test
  void logsPlainLinesWhenAsked() throws Exception {
    Output output = log("--log=plain");

    assertThat(output.err().lines())
        .anyMatch(line -> line.endsWith(" INFO  LogStyleTest: a burst began"));
    assertThat(output.out()).isEmpty();
  }

  @Test
  void plainLinesShowTheKeysAndValuesThatJsonLinesCarry() throws Exception {
    assertThat(log("--log=plain").err())
        .contains("LogStyleTest: with more talker=\"sip:alice@example.org\" packets=\"7\"");
    assertThat(log("--log=json").err())
        .contains("\"talker\":\"sip:alice@example.org\"")
        .contains("\"packets\":7");
  }

  @Test
  void logFileIsRotatedAndNoMoreThanItsShareIsKept() throws Exception {
    Path file = folder.resolve("logs/parley.log");

    Output output = log("--log-file", file.toString(), "--log-max-size=64KiB", "--log-keep=3");

    assertThat(output.err()).isEmpty();
    assertThat(Files.readString(file)).startsWith("{").contains("line 9999\"");
    try (var files = Files.list(file.getParent())) {
      assertThat(files.map(aside -> aside.getFileName().toString()).sorted())
          .containsExactly("parley.log", "parley.log.1", "parley.log.2", "parley.log.3");
    }
    try (var files = Files.list(file.getParent())) {
      assertThat(files.map(LogStyleTest::size)).allMatch(size -> size > 0 && size < 66_000);
    }
  }

  @Test
  void logFileThatIsNoFileIsRefusedBeforeItIsRotatedAway() {
    assertThatThrownBy(() ->
            LogTarget.of(new String[] {"--log-file=/dev/null"}, Map.of()).apply(LogStyle.JSON))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("/dev/null is no regular file");
  }

  @Test
  void logFileThatCannotBeWrittenIsOneSentence() {
    Path blocked = folder.resolve("logs");
    assertThat(blocked).doesNotExist();
    assertThatThrownBy(
            () -> {
              Files.writeString(blocked, "");
              LogTarget.of(new String[] {"--log-file", blocked + "/x"}, Map.of())
                  .apply(LogStyle.JSON);
            })
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("choose another --log-file");
  }

  @Test
  void environmentNamesTheLogFileUnlessTheCommandLineDoes() {
    Map<String, String> environment = Map.of("PARLEY_LOG_FILE", "/var/log/a");

    assertThat(LogTarget.of(new String[] {"gateway"}, environment))
        .isEqualTo(new LogTarget(Path.of("/var/log/a"), 100 << 20, 10));
    assertThat(LogTarget.of(new String[] {"--log-file=/b", "--log-max-size", "1GiB"}, environment))
        .isEqualTo(new LogTarget(Path.of("/b"), 1 << 30, 10));
    assertThat(LogTarget.of(new String[] {}, Map.of()).file()).isNull();
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  @Test
  void whoeverReadsStderrFromAPipeGetsJson() throws Exception {
    assertThat(log().err()).startsWith("{");
  }

  /// What the JVM of its own runs.
  public static final class OneLine {
    private OneLine() {}

    public static void main(String[] args) {
      LogTarget target = LogTarget.of(args, Map.of());
      try {
        target.apply(LogStyle.of(args, target));
      } catch (CommandFailed e) {
        throw new IllegalStateException(e);
      }
      Logger log = LoggerFactory.getLogger(LogStyleTest.class);
      log.info("a burst began");
      log.atInfo()
          .addKeyValue("talker", "sip:alice@example.org")
          .addKeyValue("packets", 7)
          .log("with more");
      if (target.file() != null) {
        for (int i = 0; i < 10_000; i++) {
          log.info("line {}", i);
          if (i % 1000 == 0) {
            LogQueue.flush();
          }
        }
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop(); // waits for the old files' end
      }
    }
  }

  private record Output(String out, String err) {}

  private static Output log(String... args) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), OneLine.class.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Output(out, err);
  }
}
