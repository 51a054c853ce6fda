package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An ad-hoc group by files alone, as its users type it.
class GroupCommandTest {
  private static final String ALICE = "sip:alice@example.org";
  private static final String BOB = "sip:bob@example.org";
  private static final String CAROL = "sip:carol@example.org";
  private static final String AT = "=192.0.2.1:2269";

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void provision() throws Exception {
    lab = new Lab(folder, Clock.systemUTC());
    for (String who : List.of(ALICE, BOB, CAROL)) {
      lab.release(lab.member(who));
    }
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Run run(String who, Object... words) {
    List<Object> all = new ArrayList<>(List.of("group", words[0]));
    all.addAll(List.of("--vault", lab.vaultFile(who), "--key-file", lab.keyFile()));
    all.addAll(List.of("--identity", who));
    all.addAll(List.of(words).subList(1, words.length));
    return Run.of(all.toArray());
  }

  private String ok(String who, Object... words) {
    Run run = run(who, words);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private Path create(Object... more) {
    List<Object> words = new ArrayList<>(List.of("create", "--out", folder.resolve("out")));
    words.addAll(List.of("--invite", BOB + AT));
    words.addAll(List.of(more));
    assertThat(ok(ALICE, words.toArray())).contains("the group of " + ALICE + " is set up");
    return messageTo("bob");
  }

  /// The newest of the folder.
  private Path messageTo(String name) {
    try (var files = Files.list(folder.resolve("out"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("sip_" + name))
          .max((a, b) -> Long.compare(a.toFile().lastModified(), b.toFile().lastModified()))
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void isShownAcceptedAndLeft() throws Exception {
    Path message = create();
    assertThat(ok(BOB, "invitations", "--from-file", message))
        .contains(ALICE + " (certified by kms.example.org) invites to its group");
    JsonNode json = JsonMapper.shared().readTree(ok(BOB, "invitations", "--json"));
    assertThat(json.get(0).propertyNames()).containsExactly("creator", "kms", "issued", "received");
    assertThat(ok(BOB, "accept", "--receipt", folder.resolve("receipt"), ALICE))
        .contains("joined the group of " + ALICE + ", until ");
    assertThat(ok(BOB, "invitations")).isEqualTo("member of " + ALICE + "\n");

    Run confirmed =
        Run.of(
            "manager",
            "receipt",
            "--vault",
            lab.vaultFile(ALICE),
            "--key-file",
            lab.keyFile(),
            "--group",
            ALICE,
            folder.resolve("receipt"));
    assertThat(confirmed.exitCode()).as(confirmed.err()).isZero();
    assertThat(ok(ALICE, "status")).contains("CONFIRMED").doesNotContain("PENDING");

    assertThat(ok(BOB, "leave", ALICE)).contains("left " + ALICE);
    assertThat(run(BOB, "leave", ALICE).exitCode()).isEqualTo(1);
    assertThat(run(BOB, "invitations", "--from-file", message).exitCode()).isEqualTo(7);
  }

  @Test
  void isDeclined() {
    Path message = create();
    ok(BOB, "invitations", "--from-file", message);
    ok(BOB, "decline", ALICE);
    assertThat(run(BOB, "decline", ALICE).exitCode()).isEqualTo(1);
    assertThat(run(BOB, "accept", ALICE).err()).contains("no invitation of " + ALICE + " waits");
  }

  @Test
  void isOneOfEachCreatorAtATime() {
    create("--for", "12h");
    Run again = run(ALICE, "create", "--invite", CAROL + AT, "--out", folder.resolve("out"));
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains(ALICE + " has a group already", "parley group invite");
    ok(ALICE, "invite", "--invite", CAROL + AT, "--out", folder.resolve("out"));
    assertThat(messageTo("carol")).exists();
    ok(ALICE, "dissolve", "--out", folder.resolve("out"));
    assertThat(run(ALICE, "rekey", "--out", folder.resolve("out")).err()).contains("is dissolved");
    create();
  }

  @Test
  void excludesAndSaysWhoIsNoMember() {
    create();
    Run nobody = run(ALICE, "exclude", "--member", CAROL, "--out", folder.resolve("out"));
    assertThat(nobody.exitCode()).isEqualTo(2);
    assertThat(run(ALICE, "exclude", "--member", ALICE).exitCode()).isEqualTo(2);
    assertThat(ok(ALICE, "exclude", "--member", BOB, "--out", folder.resolve("out")))
        .contains(BOB + " is out")
        .doesNotContain("for " + BOB);
    assertThat(ok(ALICE, "status", "--json")).doesNotContain(BOB);
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(run(ALICE, "create", "--invite", BOB + AT, "--for", "soon").err())
        .contains("--for: soon is no time");
    assertThat(run(ALICE, "status").err()).contains("holds no group " + ALICE);
    assertThat(run(ALICE, "create").exitCode()).isEqualTo(2);
  }
}
