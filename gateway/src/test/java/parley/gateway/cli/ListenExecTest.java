package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.keys.FreePort;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.transport.SdpReader;

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
    place = "239.77.12.2:" + FreePort.udp();
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

  /// The announcement comes by a signalling network alone: the talker's datagrams go elsewhere.
  @Test
  void aDescriptionBringsTheAnnouncementThatDidNotArrive() throws Exception {
    Path sdp = folder.resolve("burst.sdp");
    Path copy = folder.resolve("copy.sdp");
    Path heard = folder.resolve("heard");
    String engine =
        "cp %s %s.new; mv %s.new %s; until test -e %s; do sleep 0.05; done"
            .formatted(sdp, copy, copy, copy, heard);
    try (var elsewhere = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String announceTo = "127.0.0.1:" + elsewhere.getLocalPort();
      List<String> talk = new ArrayList<>(List.of("--to", place, "--interface", "lo"));
      talk.addAll(List.of("--announce-to", announceTo, "--sdp", sdp.toString()));
      talk.addAll(List.of("--payload-type", "96", "--", "/bin/sh", "-c", engine));
      Thread talker = inBackground(ALICE, "announce", talk.toArray(String[]::new));
      await(copy);

      List<String> listen = new ArrayList<>(List.of("--listen", place, "--interface", "lo"));
      listen.addAll(
          List.of(
              "--exec",
              "env | grep ^PARLEY_TALKER > %s.new; mv %s.new %s; sleep 60"
                  .formatted(heard, heard, heard)));
      listen.addAll(List.of("--sdp", copy.toString()));
      var run = new FutureTask<>(() -> run(BOB, "listen", listen.toArray(String[]::new)));
      Thread listener = Thread.ofPlatform().daemon().start(run);
      await(heard);
      talker.join();
      listener.interrupt(); // as Ctrl-C

      assertThat(run.get(30, TimeUnit.SECONDS).out()).contains(ALICE + " speaks");
      assertThat(heard).hasContent("PARLEY_TALKER=" + ALICE);
    }
    byte[] octets = SdpReader.read(Files.readAllBytes(copy)).messagesInForce().getFirst().bytes();
    Instant now = UnverifiedAnnouncement.read(octets).timestamp().toInstant();
    assertThat(complaints(copy, GROUP, now)).isEmpty();
    assertThat(complaints(copy, GROUP, now.plusSeconds(90)))
        .singleElement()
        .asString()
        .startsWith(copy + ": this announcement is refused: it was made 90 ")
        .endsWith("s ago, more than 60 s; fetch the description again");
    assertThat(complaints(copy, GROUP, now.minusSeconds(90)))
        .singleElement()
        .asString()
        .contains("from now, more than 60 s; a clock is wrong");
    assertThat(complaints(copy, "sip:police@example.org", now))
        .singleElement()
        .asString()
        .contains("is for " + GROUP + ", not for sip:police@example.org");
  }

  private static List<String> complaints(Path sdp, String group, Instant now) throws Exception {
    List<String> complaints = new ArrayList<>();
    List<byte[]> taken = DescribedBursts.read(sdp, new Identity(group), now, complaints::add);
    assertThat(taken).hasSize(complaints.isEmpty() ? 1 : 0);
    return complaints;
  }

  @Test
  void aDescriptionThatIsNoneIsSaidInOneSentence() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.sdp"), "v=0\no=x\n");
    String[] listen = {"--listen", place, "--interface", "lo", "--out", folder + "/w", "--sdp", ""};
    listen[listen.length - 1] = file.toString();
    Run run = run(BOB, "listen", listen);
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED.code());
    assertThat(run.err()).contains(file + " is no SDP: RFC 8866, 5, line 3: s= belongs here");
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
