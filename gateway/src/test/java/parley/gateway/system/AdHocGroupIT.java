package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.net.Netns;
import parley.gateway.record.Tools;

/// Two terminals, each a process in a network of its own with one cable between them and nothing
/// else: no KMS, no manager, no gateway. Alice sets up a group, Bob joins it and hears her, she
/// changes its key, excludes nobody, and dissolves it.
class AdHocGroupIT {
  private static final String ALICE = "sip:alice@example.org";
  private static final String BOB = "sip:bob@example.org";
  private static final String ALICES = "10.9.0.1";
  private static final String BOBS = "10.9.0.2";

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private Lab lab;
  private Netns alice;
  private Netns bob;
  private Path speech;

  @BeforeEach
  void provisionAndSeparate() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    lab.release(lab.member(ALICE));
    lab.release(lab.member(BOB));
    alice = open.add(Netns.create());
    bob = open.add(Netns.create());
    Netns.cable(alice, "a0", bob, "b0");
    alice.address("a0", ALICES + "/24");
    bob.address("b0", BOBS + "/24");
    speech = Tools.tone(folder.resolve("speech.wav"));
  }

  private ParleyProcess run(Netns in, String who, Object... words) throws Exception {
    Object[] all = new Object[words.length + 6];
    System.arraycopy(words, 0, all, 0, words.length);
    List<Object> own =
        List.of("--vault", lab.vaultFile(who), "--key-file", lab.keyFile(), "--identity", who);
    System.arraycopy(own.toArray(), 0, all, words.length, own.size());
    return open.add(new ParleyProcess(List.of("ip", "netns", "exec", in.name()), all));
  }

  private List<String> done(Netns in, String who, Object... words) throws Exception {
    ParleyProcess process = run(in, who, words);
    int exitCode = process.awaitEnd();
    assertThat(exitCode).as(String.join("\n", process.said())).isZero();
    return process.said();
  }

  private ParleyProcess bobListens(Object... more) throws Exception {
    Object[] words = new Object[10 + more.length];
    System.arraycopy(
        new Object[] {
          "listen",
          "--group",
          ALICE,
          "--listen",
          BOBS + ":5004",
          "--mikey",
          BOBS + ":2269",
          "--out",
          folder.resolve("heard"),
          "--debug"
        },
        0,
        words,
        0,
        10);
    System.arraycopy(more, 0, words, 10, more.length);
    ParleyProcess listening = run(bob, BOB, words);
    listening.awaitSaying(BOB + " listens to " + ALICE);
    return listening;
  }

  private void aliceTalksAndIsHeard(ParleyProcess listening) throws Exception {
    done(alice, ALICE, "talk", "--group", ALICE, "--to", BOBS + ":5004", "--file", speech);
    listening.awaitSaying(ALICE + " speaks");
    assertThat(listening.awaitSaying(ALICE + " ended (bye)")).contains("50 packets, 0 missing");
  }

  @Test
  void twoTerminalsNeedNothingElse() throws Exception {
    ParleyProcess listening = bobListens("--accept", ALICE);
    assertThat(
            done(
                alice,
                ALICE,
                "group",
                "create",
                "--invite",
                BOB + "=" + BOBS + ":2269",
                "--wait",
                "60"))
        .anyMatch(line -> line.contains(BOB + " has the GMK (1 of 1)"));
    listening.awaitSaying("got a GMK of " + ALICE);
    aliceTalksAndIsHeard(listening);

    done(alice, ALICE, "group", "rekey", "--wait", "60");
    listening.close();

    ParleyProcess again = bobListens();
    aliceTalksAndIsHeard(again);
    done(alice, ALICE, "group", "dissolve", "--wait", "60");
    again.awaitSaying(ALICE + " is dissolved");
    ParleyProcess mute =
        run(alice, ALICE, "talk", "--group", ALICE, "--to", BOBS + ":5004", "--file", speech);
    assertThat(mute.awaitEnd()).as("no key to speak under").isEqualTo(7);
    again.close();

    ParleyProcess third = bobListens();
    done(alice, ALICE, "group", "create", "--invite", BOB + "=" + BOBS + ":2269", "--wait", "60");
    aliceTalksAndIsHeard(third);
  }

  @Test
  void withoutAPolicyTheUserIsAskedAndShownTheVerifiedCreator() throws Exception {
    ParleyProcess listening = bobListens();
    ParleyProcess creating =
        run(
            alice,
            ALICE,
            "group",
            "create",
            "--invite",
            BOB + "=" + BOBS + ":2269",
            "--wait",
            "60");
    listening.awaitSaying(ALICE + " invites to its group");
    creating.signal("INT");
    listening.close();
    assertThat(listening.awaitEnd()).isNotZero();

    assertThat(done(bob, BOB, "group", "invitations"))
        .anyMatch(line -> line.contains(ALICE + " (certified by kms.example.org) invites"));
    assertThat(done(bob, BOB, "group", "accept", ALICE))
        .anyMatch(line -> line.contains("joined the group of " + ALICE));
    ParleyProcess again = bobListens();
    assertThat(done(alice, ALICE, "group", "send", "--wait", "60"))
        .anyMatch(line -> line.contains(BOB + " has the GMK"));
    aliceTalksAndIsHeard(again);
    assertThat(folder.resolve("heard")).isNotEmptyDirectory();
  }
}
