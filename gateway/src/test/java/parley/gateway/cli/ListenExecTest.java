package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;

/// `parley listen --exec` and `parley announce` back to back, with shell lines in place of engines.
class ListenExecTest {
  private static final String GROUP = "sip:fire@example.org";
  private static final String ALICE = "sip:alice@example.org";
  private static final String BOB = "sip:bob@example.org";

  @TempDir Path folder;
  private Lab lab;
  private String place = "";

  @BeforeEach
  void open() throws Exception {
    lab = new Lab(folder, Clock.systemUTC());
    LabMember alice = lab.member(ALICE);
    LabMember bob = lab.member(BOB);
    lab.group(GROUP, alice, bob);
    lab.release(alice);
    lab.release(bob);
    try (var socket = new DatagramSocket(0)) {
      place = "239.77.12.2:" + socket.getLocalPort();
    }
  }

  @AfterEach
  void close() {
    lab.close();
  }

  /// The player needs no packet: the announcement alone proves who speaks and under which key.
  @Test
  void thePlayerHasTheKeysOfTheTalkersEngineAndEndsWithTheBurst() throws Exception {
    Path heard = folder.resolve("heard");
    Path ended = folder.resolve("ended");
    String player =
        "trap 'echo yes > %s; exit' INT; env | grep ^PARLEY_ | sort > %s.new; mv %s.new %s; while :; do sleep 0.05; done"
            .formatted(ended, heard, heard, heard);
    Thread listener =
        inBackground(
            BOB,
            "listen",
            "--listen",
            place,
            "--interface",
            "lo",
            "--out",
            folder + "/w",
            "--bursts",
            "1",
            "--exec",
            player);
    String said = folder.resolve("said").toString();
    String engine =
        "env | grep ^PARLEY_ | sort > %s; until test -e %s; do sleep 0.05; done"
            .formatted(said, heard);

    Run talker =
        run(ALICE, "announce", "--to", place, "--interface", "lo", "--", "/bin/sh", "-c", engine);

    assertThat(talker.exitCode()).as(talker.err()).isZero();
    await(ended);
    assertThat(withoutSeq(heard)).isEqualTo(withoutSeq(Path.of(said)));
    assertThat(Files.readAllLines(heard)).anyMatch(line -> line.startsWith("PARLEY_SRTP_KEY="));
    listener.interrupt(); // as Ctrl-C
    listener.join();
  }

  /// Who hears a repeat first is not told where the talker began.
  private static List<String> withoutSeq(Path variables) throws Exception {
    return Files.readAllLines(variables).stream()
        .filter(line -> !line.startsWith("PARLEY_SEQ="))
        .toList();
  }

  @Test
  void wrongUseIsSaidInOneSentence() {
    assertThat(run(BOB, "listen", "--listen", "127.0.0.1:1").err())
        .isEqualTo("parley: nobody would hear it; add --out or --exec\n");
    assertThat(run(BOB, "listen", "--listen", "127.0.0.1:1", "--exec", "true").err())
        .contains("add --forward, for example 127.0.0.1:6000");
    assertThat(
            run(
                    BOB,
                    "listen",
                    "--listen",
                    place,
                    "--interface",
                    "lo",
                    "--max-players",
                    "0",
                    "--exec",
                    "true")
                .err())
        .contains("--max-players is 1 or more, not 0");
  }

  private static void await(Path file) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).as("%s is not there", file).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private Thread inBackground(String who, String command, String... more) {
    return Thread.ofPlatform().daemon().start(() -> run(who, command, more));
  }

  private Run run(String who, String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--vault"));
    args.addAll(List.of(lab.vaultFile(who).toString(), "--key-file", lab.keyFile().toString()));
    args.addAll(List.of("--identity", who, "--group", GROUP));
    args.addAll(List.of(more));
    return Run.of(args.toArray());
  }
}
