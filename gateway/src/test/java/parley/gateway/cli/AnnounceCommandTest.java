package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.message.Octets;
import parley.mikey.transport.ConnectionAddress;
import parley.mikey.transport.MediaDescription;
import parley.mikey.transport.SdpReader;
import parley.mikey.transport.SessionDescription;

/// `parley announce` with shell lines in place of a media engine.
class AnnounceCommandTest {
  private static final String GROUP = "sip:fire@example.org";
  private static final String ALICE = "sip:alice@example.org";

  @TempDir Path folder;
  private Lab lab;
  private DatagramSocket gateway;

  @BeforeEach
  void open() throws Exception {
    lab = new Lab(folder, Clock.systemUTC());
    LabMember alice = lab.member(ALICE);
    lab.group(GROUP, alice);
    lab.release(alice);
    gateway = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    gateway.setSoTimeout(10_000);
  }

  @AfterEach
  void close() {
    gateway.close();
    lab.close();
  }

  @Test
  void theKeyIsAnnouncedBeforeTheEngineStartsAndTheBurstEndsWithIt() throws Exception {
    Run run = announce("/bin/sh", "-c", "env | grep ^PARLEY_ > " + folder.resolve("env"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    var announcement = UnverifiedAnnouncement.read(hear());
    assertThat(hear()[0] & 0xC0).isEqualTo(0x80); // SRTCP: our BYE
    List<String> env = Files.readAllLines(folder.resolve("env"));
    String ssrc = Integer.toUnsignedString(announcement.sessions().getFirst().ssrc());
    assertThat(env)
        .contains("PARLEY_SSRC=" + ssrc, "PARLEY_MKI=%08x".formatted(announcement.gskId()))
        .contains("PARLEY_PROFILE=AEAD_AES_128_GCM", "PARLEY_GST_CIPHER=aes-128-gcm")
        .contains("PARLEY_PORT=" + gateway.getLocalPort())
        .anyMatch(line -> line.matches("PARLEY_SRTP_KEY_SALT=[0-9a-f]{56}"));
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).doesNotContain(value(env, "PARLEY_SRTP_KEY_SALT"));
  }

  @Test
  void theExitCodeOfTheEngineIsOurs() {
    assertThat(announce("/bin/sh", "-c", "exit 17").exitCode()).isEqualTo(17);
  }

  @Test
  void anEngineThatIsNotThereIsAMissingPrerequisiteAndEndsTheBurst() throws Exception {
    Run run = announce(folder.resolve("no-engine").toString());

    assertThat(run.exitCode()).isEqualTo(ExitCode.MISSING_PREREQUISITE.code());
    assertThat(run.err()).contains("parley: cannot start " + folder.resolve("no-engine"));
    assertThat(hear()[0]).isEqualTo((byte) 1);
    assertThat(hear()[0] & 0xC0).isEqualTo(0x80);
  }

  @Test
  void anEngineThatDoesNotEndIsEnded() {
    Run run = announce(List.of("--max-duration", "1"), "/bin/sh", "-c", "exec sleep 600");

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED.code());
    assertThat(run.err()).contains("the burst was ended after 1 s");
  }

  @Test
  void anEnvironmentFileHasTheKeysAloneAndIsGoneAfterwards() throws Exception {
    Path file = folder.resolve("burst.env");
    String look =
        ". \"$PARLEY_ENV_FILE\"; stat -c %a \"$PARLEY_ENV_FILE\" > out;"
            + " echo \"$PARLEY_SRTP_KEY\" >> out";
    Run run =
        announce(
            List.of("--env-file", file.toString()),
            "/bin/sh",
            "-c",
            "cd %s; env | grep -c SRTP > before; %s".formatted(folder, look));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Files.readString(folder.resolve("before")).strip()).isEqualTo("0");
    assertThat(Files.readAllLines(folder.resolve("out")).getFirst()).isEqualTo("600");
    assertThat(Files.readAllLines(folder.resolve("out")).getLast()).matches("[0-9a-f]{32}");
    assertThat(file).doesNotExist();
  }

  @Test
  void anEnvironmentFileThatIsThereAlreadyIsRefusedAndKept() throws Exception {
    Path file = Files.writeString(folder.resolve("burst.env"), "of another burst");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));
    for (Path taken : List.of(file, link)) {
      Run run = announce(List.of("--env-file", taken.toString()), "/bin/true");
      assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED.code());
      assertThat(run.err()).contains(taken + " is there already");
    }
    assertThat(file).hasContent("of another burst");
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void aDescriptionHasTheAnnouncementAndIsGoneAfterwards() throws Exception {
    Path sdp = folder.resolve("burst.sdp");
    Path copy = folder.resolve("copy");
    Run run =
        announce(
            List.of("--sdp", sdp.toString(), "--payload-type", "96"),
            "/bin/sh",
            "-c",
            "cp %s %s".formatted(sdp, copy));

    assertThat(run.exitCode()).as(run.err()).isZero();
    SessionDescription session = SdpReader.read(Files.readAllBytes(copy));
    assertThat(session.messagesInForce()).containsExactly(Octets.of(hear()));
    assertThat(session.name()).isEqualTo(GROUP);
    assertThat(session.connection()).isEqualTo(new ConnectionAddress("IP4", "127.0.0.1"));
    assertThat(session.media())
        .containsExactly(MediaDescription.of("audio", gateway.getLocalPort(), "RTP/SAVP", "96"));
    assertThat(sdp).doesNotExist();
    assertThat(folder.resolve("burst.sdp.part")).doesNotExist();
  }

  @Test
  void aDescriptionIsAsFreshAsTheNewestAnnouncement() throws Exception {
    Path sdp = folder.resolve("burst.sdp");
    String wait =
        "cp %s first; until ! cmp -s %s first; do sleep 0.05; done; cp %s second"
            .formatted(sdp, sdp, sdp);
    Run run =
        announce(
            List.of("--sdp", sdp.toString(), "--payload-type", "96"),
            "/bin/sh",
            "-c",
            "cd %s; %s".formatted(folder, wait));

    assertThat(run.exitCode()).as(run.err()).isZero();
    var first = UnverifiedAnnouncement.read(announcement("first"));
    var second = UnverifiedAnnouncement.read(announcement("second"));
    assertThat(second.csbId()).isEqualTo(first.csbId());
    assertThat(second.timestamp()).isGreaterThan(first.timestamp());
  }

  private byte[] announcement(String file) throws Exception {
    return SdpReader.read(Files.readAllBytes(folder.resolve(file)))
        .messagesInForce()
        .getFirst()
        .bytes();
  }

  @Test
  void aDescriptionThatCannotBeWrittenStartsNoEngine() throws Exception {
    Path ran = folder.resolve("ran");
    Path taken = Files.writeString(folder.resolve("taken.sdp"), "of another burst");
    for (Path sdp : List.of(taken, folder.resolve("nowhere/burst.sdp"))) {
      Run run =
          announce(
              List.of("--sdp", sdp.toString(), "--payload-type", "96"),
              "/bin/touch",
              ran.toString());
      assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED.code());
      assertThat(run.err()).contains(sdp + (sdp.equals(taken) ? " is there" : " cannot be"));
    }
    assertThat(taken).hasContent("of another burst");
    assertThat(ran).doesNotExist();
    assertThat(announce(List.of("--sdp", "x.sdp"), "/bin/true").err())
        .contains("add --payload-type, for example 96");
  }

  @Test
  void wrongUseIsSaidInOneSentence() {
    assertThat(announce(List.of("--max-duration", "0"), "/bin/true").err())
        .contains("--max-duration is 1 to 86400 seconds, not 0");
    assertThat(announce(List.of("--ssrc", "0"), "/bin/true").err())
        .contains("--ssrc is 1 to 4294967295, not 0");
    assertThat(announce(List.of("--seq", "1", "--unknown-seq"), "/bin/true").err())
        .contains("exclude each other");
    assertThat(announce().exitCode()).isEqualTo(ExitCode.USAGE.code());
  }

  private byte[] hear() throws Exception {
    var packet = new DatagramPacket(new byte[2048], 2048);
    gateway.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private static String value(List<String> env, String name) {
    return env.stream()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  private Run announce(String... command) {
    return announce(List.of(), command);
  }

  private Run announce(List<String> options, String... command) {
    List<String> args = new ArrayList<>(List.of("announce", "--vault"));
    args.addAll(List.of(lab.vaultFile(ALICE).toString(), "--key-file", lab.keyFile().toString()));
    args.addAll(List.of("--identity", ALICE, "--group", GROUP));
    args.addAll(List.of("--to", "127.0.0.1:" + gateway.getLocalPort()));
    args.addAll(options);
    args.add("--");
    args.addAll(List.of(command));
    return Run.of(args.toArray());
  }
}
