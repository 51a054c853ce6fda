package parley.gateway.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CommandLineTest {
  @TempDir Path folder;

  static Stream<List<String>> everySubcommand() {
    return below(Parley.commandLine(), List.of()).stream();
  }

  @ParameterizedTest
  @MethodSource("everySubcommand")
  void helpShowsExamplesAndEndsWell(List<String> path) {
    var args = new ArrayList<>(path);
    args.add("--help");

    var run = Run.of(args.toArray());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("Usage: parley " + String.join(" ", path))
        .containsPattern("Examples:\\R  \\S")
        .contains("Exit code");
    assertThat(command(path).getCommandSpec().usageMessage().description()).isNotEmpty();
    assertThat(run.err()).isEmpty();
  }

  /// What an example shows must be there: a subcommand by that name, options that it has.
  @ParameterizedTest
  @MethodSource("everySubcommand")
  void examplesUseOptionsThatExist(List<String> path) {
    List<String> lines = List.of(command(path).getCommandSpec().usageMessage().footer());
    String joined = String.join("\n", lines).replaceAll("\\\\\n\\s*", "");
    for (String line : joined.lines().filter(l -> l.startsWith("  parley ")).toList()) {
      List<String> words = List.of(line.strip().split("\\s+"));
      CommandLine named = Parley.commandLine();
      int word = 1;
      while (word < words.size() && named.getSubcommands().containsKey(words.get(word))) {
        named = requireNonNull(named.getSubcommands().get(words.get(word++)));
      }
      if (words.get(1).equals("bench")) {
        continue; // another program of the same launcher
      }
      assertThat(word).as(line).isGreaterThan(1);
      for (String option : words) {
        if (option.startsWith("--") && !option.equals("--")) {
          assertThat(named.getCommandSpec().optionsMap()).as(line).containsKey(option);
        }
      }
    }
  }

  @Test
  void everyExitCodeIsExplained() {
    String page = Run.of("help", "exit-codes").out();

    for (ExitCode code : ExitCode.values()) {
      assertThat(page).contains("  " + code.code() + "  " + code.meaning() + "\n");
    }
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code)).doesNotHaveDuplicates();
  }

  @Test
  void coloursAreOnlyForThoseWhoWantThem() {
    assertThat(Run.of("--help").out()).doesNotContain("\033");
    assertThat(Colours.allows(Map.of())).isTrue();
    assertThat(Colours.allows(Map.of("NO_COLOR", ""))).isTrue();
    assertThat(Colours.allows(Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(Colours.allows(Map.of("TERM", "dumb"))).isFalse();
  }

  @Test
  void helpOfASubcommandIsItsUsage() {
    assertThat(Run.of("help", "kms", "issue").out())
        .isEqualTo(Run.of("kms", "issue", "--help").out());
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(Run.of("gatewy").exitCode()).isEqualTo(2);
    assertThat(Run.of("gatewy").err()).contains("parley gateway").contains("--help");
    assertThat(Run.of("help", "gatewy").exitCode()).isEqualTo(2);
    assertThat(Run.of("kms", "issue").err()).contains("--identity").doesNotContain("\tat ");
  }

  @Test
  void showsTheCanonicalFormOfAnIdentity() {
    var run =
        Run.of(
            "kms", "issue", "--vault", "v", "--device", "d", "--out", "o", "--identity", "SIP:a@B");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("write \"sip:a@b\"");
  }

  @Test
  void checkTellsEverythingAndStartsNothing() throws IOException {
    Path yaml =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            "identity: gpe1\nvault: {file: none}\ngroups: [{id: 'sip:f@x', lisen: []}]\n");

    var run = Run.of("gateway", "--check", yaml.toString());

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .contains("identity: ")
        .contains("vault.file: ")
        .contains("groups[0].lisen: ")
        .contains("did you mean listen?")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("recordings")).doesNotExist();
  }

  @Test
  void checkPraisesWhatIsGood() throws IOException {
    Files.writeString(folder.resolve("v"), "");
    Path yaml =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            identity: sip:gpe1@example.org
            vault: {file: v}
            groups: [{id: "sip:f@example.org", listen: [{unicast: "127.0.0.1:5004"}]}]
            """);

    var run = Run.of("gateway", "--check", yaml.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("is good").contains("1 groups, 1 legs");
  }

  @Test
  void checkReadsTheMembersToo() throws IOException {
    Files.writeString(folder.resolve("v"), "");
    Files.writeString(
        folder.resolve("members.yaml"), "members: [{identity: sip:a@x, may: [shout]}]");
    Path yaml =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            identity: sip:gpe1@example.org
            vault: {file: v}
            groups:
              - {id: "sip:f@example.org", members: members.yaml, listen: [{unicast: "127.0.0.1:5004"}]}
            """);

    var run = Run.of("gateway", "--check", yaml.toString());

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("members[0].may[0]");
  }

  @Test
  void debugShowsTheStackTrace() {
    assertThat(Run.of("--debug", "gateway", "--check", "none.yaml").err()).contains("\tat ");
    assertThat(Run.of("gateway", "--check", "none.yaml").err()).doesNotContain("\tat ");
  }

  private static CommandLine command(List<String> path) {
    CommandLine command = Parley.commandLine();
    for (String name : path) {
      command = requireNonNull(command.getSubcommands().get(name));
    }
    return command;
  }

  private static List<List<String>> below(CommandLine command, List<String> path) {
    List<List<String>> all = new ArrayList<>();
    all.add(path);
    command
        .getSubcommands()
        .forEach((name, next) -> {
          if (name.equals(next.getCommandName())) { // an alias has the help of its command
            var longer = new ArrayList<>(path);
            longer.add(name);
            all.addAll(below(next, longer));
          }
        });
    return all;
  }
}
