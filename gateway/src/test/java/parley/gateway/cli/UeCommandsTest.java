package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What `talk`, `listen` and `demo` say to those who ask for help, and to those who ask wrongly.
class UeCommandsTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String speech = "";

  @BeforeEach
  void writeSpeech() throws Exception {
    try (var in = UeCommandsTest.class.getResourceAsStream("/speech/bob-1.wav")) {
      assertThat(in).isNotNull();
      speech = Files.write(directory.resolve("bob.wav"), in.readAllBytes()).toString();
    }
  }

  @Test
  void helpHasExamplesAndExitCodes() {
    for (String command : new String[] {"talk", "listen", "announce", "demo"}) {
      assertThat(run(command, "--help")).isZero();
      assertThat(out.toString()).contains("Examples:", "parley " + command, "Exit codes:");
    }
  }

  @Test
  void multicastWithoutAnInterfaceIsAUsageError() {
    assertThat(talk("239.192.0.1:5004", speech)).isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString())
        .isEqualTo(
            "parley: 239.192.0.1 is a multicast address; add --interface, for example eth0\n");
  }

  @Test
  void anIpv6AddressNeedsItsBrackets() {
    assertThat(talk("fd00::7:5004", speech)).isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).contains("is no [IPV6]:PORT, like [2001:db8::7]:5004");
    assertThat(talk("[fd00::7]:5004", speech)).isEqualTo(ExitCode.VAULT.code());
  }

  @Test
  void aCodePointThatIsNoneIsAUsageError() {
    assertThat(talk("10.0.0.7:5004", speech, "--dscp", "XY")).isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).startsWith("parley: --dscp XY is no DSCP; write EF");
  }

  @Test
  void aMissingSpeechFileIsAMissingPrerequisite() {
    assertThat(talk("127.0.0.1:5004", "nowhere.ogg"))
        .isEqualTo(ExitCode.MISSING_PREREQUISITE.code());
    assertThat(err.toString()).isEqualTo("parley: nowhere.ogg: no such file\n");
  }

  @Test
  void aMissingVaultIsSaidInOneSentence() {
    assertThat(talk("127.0.0.1:5004", speech)).isEqualTo(ExitCode.VAULT.code());
    assertThat(err.toString()).startsWith("parley: there is no vault at ").hasLineCount(1);
  }

  @Test
  void aDemoThatCannotWriteSaysWhere() {
    assertThat(run("demo", "--out", speech)).isEqualTo(ExitCode.MISSING_PREREQUISITE.code());
    assertThat(err.toString()).contains("bob.wav cannot be made").contains("choose another --out");
  }

  private int talk(String to, String file, String... more) {
    String vault = directory.resolve("none.vault").toString();
    List<String> words =
        new ArrayList<>(List.of("talk", "--vault", vault, "--key-file", speech, "--to", to));
    words.addAll(List.of("--identity", "sip:bob@example.org", "--file", file));
    words.addAll(List.of("--group", "sip:fire-ops@example.org"));
    words.addAll(List.of(more));
    return run(words.toArray(String[]::new));
  }

  private int run(String... args) {
    CommandLine command = Parley.commandLine();
    return command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
  }
}
