package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Runs a JVM of its own, because a log is configured once.
class LogStyleTest {
  @Test
  void logsOneJsonObjectPerLineToStderrOnly() throws Exception {
    Output output = log("--log=json");

    assertThat(output.err().strip().lines())
        .singleElement()
        .asString()
        .startsWith("{\"time\":\"")
        .contains("\"message\":\"a burst began\"")
        .contains("\"level\":\"INFO\"");
    assertThat(output.out()).isEmpty();
  }

  @Test
  void logsPlainLinesWhenAsked() throws Exception {
    Output output = log("--log=plain");

    assertThat(output.err()).contains("INFO  LogStyleTest: a burst began");
    assertThat(output.out()).isEmpty();
  }

  @Test
  void whoeverReadsStderrFromAPipeGetsJson() throws Exception {
    assertThat(log().err()).startsWith("{");
  }

  /// What the JVM of its own runs.
  public static final class OneLine {
    private OneLine() {}

    public static void main(String[] args) {
      LogStyle.of(args).apply();
      LoggerFactory.getLogger(LogStyleTest.class).info("a burst began");
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
