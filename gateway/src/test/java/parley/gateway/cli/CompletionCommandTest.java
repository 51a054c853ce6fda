package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.record.Tools;

@Timeout(120)
class CompletionCommandTest {
  @TempDir Path folder;

  @Test
  void bashCompletesSubcommandsAndOptions() throws Exception {
    Path script =
        Files.writeString(folder.resolve("parley.bash"), Run.of("completion", "bash").out());

    assertThat(Tools.run("bash", "-n", script.toString())).isEmpty();
    assertThat(complete(script, "parley", "rec")).isEqualTo("recordings");
    assertThat(complete(script, "parley", "recordings", "ex")).isEqualTo("export");
    assertThat(complete(script, "parley", "vault", "list", "--js")).isEqualTo("--json");
    assertThat(complete(script, "parley", "help", "exi")).isEmpty();
  }

  @Test
  void zshReadsItsScript() throws Exception {
    Path script =
        Files.writeString(folder.resolve("parley.zsh"), Run.of("completion", "zsh").out());

    String printed =
        Tools.run("zsh", "-f", "-c", "source " + script + "; whence -w _complete_parley");

    assertThat(printed).contains("_complete_parley: function");
  }

  /// `parley completion bash | head -n 1`
  @Test
  void readerThatStopsReadingIsNoErrorToTell() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Parley.class.getName(),
                "completion",
                "bash")
            .redirectError(folder.resolve("err").toFile())
            .start();
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8), 80)) {
      assertThat(out.readLine()).startsWith("#!");
    }

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(folder.resolve("err")).isEmptyFile();
  }

  /// What TAB offers after these words, the last of which is begun.
  private static String complete(Path script, String... words) throws Exception {
    String line =
        "compopt() { :; }; source %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; _complete_parley; echo ${COMPREPLY[@]}"
            .formatted(script, String.join(" ", words), words.length - 1, String.join(" ", words));
    return Tools.run("bash", "--norc", "-c", line).strip();
  }
}
