package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.Run;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.record.NotARecording;
import parley.gateway.record.RecordingExport;
import parley.gateway.record.RecordingSummary;
import parley.keys.FreePort;
import parley.keys.member.Member;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;

/// SIGKILL in a burst, start again, export: nothing flushed is lost, no acknowledged key is lost,
/// and the next burst works.
class GatewayKillIT {
  private static final String FIRE = "sip:fire@example.org";
  private static final String GATEWAY = "sip:gpe1@example.org";
  private static final int PACKETS = 60;

  /// As much speech as the talker's timestamps tell: 120 ms of PCMU in each packet.
  private static final int SAMPLES = 960;

  private static final int WAV_HEADER_OCTETS = 44;

  @TempDir Path folder;
  private Lab lab;
  private LabMember alice;
  private LabEar ear;
  private LabEar mouth;
  private InetSocketAddress media;
  private Path config;

  @BeforeEach
  void setUp() throws Exception {
    lab = new Lab(folder, Clock.systemUTC());
    alice = lab.member("sip:alice@example.org");
    ear = new LabEar();
    mouth = new LabEar();
    LabMember gateway = lab.member(GATEWAY);
    lab.group(FIRE, gateway, alice);
    lab.release(gateway);
    media = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.udp());
    config = folder.resolve("gateway.yaml");
    Files.writeString(
        config,
        """
        identity: %s
        vault: {file: %s, key-file: %s}
        mikey: {listen: 127.0.0.1:0}
        admin: {listen: 127.0.0.1:0}
        record: {directory: recordings}
        media: {payload-types: {96: PCMU/8000}}
        groups:
          - id: %s
            listen: [{unicast: "127.0.0.1:%d"}]
            relay: [{to: "127.0.0.1:%d"}]
            record: {}
        """
            .formatted(
                GATEWAY,
                lab.vaultFile(GATEWAY),
                lab.keyFile(),
                FIRE,
                media.getPort(),
                ear.address().getPort()));
  }

  @AfterEach
  void tearDown() {
    ear.close();
    mouth.close();
    lab.close();
  }

  private static byte[] speech(int n) {
    byte[] samples = new byte[SAMPLES];
    Arrays.fill(samples, (byte) n);
    return samples;
  }

  private List<byte[]> burst(LabTalker talker, int packets) throws Exception {
    byte[] announcement = talker.announce();
    mouth.send(announcement, media);
    assertThat(ear.hear()).isEqualTo(announcement);
    List<byte[]> payloads = new ArrayList<>();
    for (int n = 0; n < packets; n++) {
      byte[] packet = talker.packet(speech(n));
      mouth.send(packet, media);
      assertThat(ear.hear()).as("relayed octet for octet").isEqualTo(packet);
      payloads.add(speech(n));
    }
    return payloads;
  }

  private List<Path> recordings() throws IOException {
    Path root = folder.resolve("recordings");
    return Files.exists(root) ? RecordingSummary.find(root) : List.of();
  }

  /// What is on the disk is told by nobody but the disk; empty while it has no header yet.
  private Optional<RecordingSummary> recording(int index) throws IOException {
    try {
      return recordings().size() > index
          ? Optional.of(RecordingSummary.read(recordings().get(index)))
          : Optional.empty();
    } catch (NotARecording _) {
      return Optional.empty();
    }
  }

  private void awaitRecorded(int index, long packets) throws Exception {
    Await.until(
        packets + " packets are recorded",
        () -> recording(index).filter(on -> on.srtpPackets() >= packets).isPresent());
  }

  private void awaitClosed(int index) throws Exception {
    Await.until(
        "the recording is closed",
        () -> recording(index).flatMap(RecordingSummary::endReason).isPresent());
  }

  @Test
  void nothingFlushedIsLostAndTheNextBurstWorks() throws Exception {
    List<byte[]> before;
    try (GatewayProcess first = new GatewayProcess(config)) {
      LabTalker talker = alice.talker(FIRE);
      before = burst(talker, PACKETS);
      awaitRecorded(0, PACKETS);
      for (int n = PACKETS; n < PACKETS + 10; n++) {
        mouth.send(talker.packet(speech(n)), media);
      }
      first.kill();
    }
    ear.drain();
    List<byte[]> after;
    try (GatewayProcess second = new GatewayProcess(config)) {
      LabTalker talker = alice.talker(FIRE);
      after = burst(talker, PACKETS);
      mouth.send(talker.bye(), media);
      awaitClosed(1);
      assertThat(export(recordings().get(1), "pcapng")).as("beside the running gateway").exists();
      assertThat(second.stop()).isIn(0, 143);
    }
    assertListed();
    assertRecorded(before, after);
    assertThat(Files.size(export(recordings().getFirst(), "wav")))
        .isGreaterThanOrEqualTo(WAV_HEADER_OCTETS + 2L * SAMPLES * PACKETS);
    assertThat(Files.size(export(recordings().get(1), "wav")))
        .isEqualTo(WAV_HEADER_OCTETS + 2L * SAMPLES * PACKETS);
    assertThat(Files.size(export(recordings().getFirst(), "pcapng")))
        .isGreaterThan((long) SAMPLES * PACKETS);
  }

  private void assertListed() throws IOException {
    RecordingSummary killed = RecordingSummary.read(recordings().getFirst());
    assertThat(killed.endReason()).as("unclosed").isEmpty();
    assertThat(killed.integrity().isUnaltered()).as("a kill is no alteration").isTrue();
    Run list = Run.of("recordings", "list", folder.resolve("recordings"));
    assertThat(list.exitCode()).as(list.err()).isZero();
    assertThat(list.out().lines().filter(line -> line.contains("packets")).toList())
        .satisfiesExactly(
            first -> assertThat(first).contains("unclosed", alice.identity().uri()),
            second -> assertThat(second).contains(" closed", PACKETS + " packets"));
  }

  private void assertRecorded(List<byte[]> before, List<byte[]> after) throws Exception {
    try (Vault vault = openVault();
        RecordingKey key = vault.recordingKey()) {
      assertThat(RecordingExport.payloads(recordings().getFirst(), key))
          .startsWith(before.toArray(byte[][]::new));
      assertThat(RecordingExport.payloads(recordings().get(1), key))
          .containsExactlyElementsOf(after);
    }
  }

  private Path export(Path recording, String format) {
    Path out = folder.resolve(recording.getFileName() + "." + format);
    Run run =
        Run.of(
            "recordings",
            "export",
            recording,
            "--format",
            format,
            "--out",
            out,
            "--force",
            "--vault",
            lab.vaultFile(GATEWAY),
            "--key-file",
            lab.keyFile());
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    return out;
  }

  private Vault openVault() throws Exception {
    return Vault.open(lab.vaultFile(GATEWAY), VaultKey.keyFile(lab.keyFile()));
  }

  @Test
  void aGmkThatWasAcknowledgedIsInUseAfterTheKill() throws Exception {
    GroupMasterKey newer = lab.newGmk(FIRE);
    byte[] message = lab.iMessageTo(newer, GATEWAY);
    try (GatewayProcess first = new GatewayProcess(config)) {
      mouth.send(message, mikey(first));
      assertThat(isReceipt(mouth.hear(), message, newer)).isTrue();
      first.kill();
    }
    lab.distribute(newer, alice);
    try (GatewayProcess second = new GatewayProcess(config)) {
      LabTalker talker = alice.talker(FIRE);
      assertThat(talker.gmkId()).isEqualTo(newer.gmkId());
      assertThat(burst(talker, 3)).hasSize(3);
      mouth.send(message, mikey(second));
      assertThat(isReceipt(mouth.hear(), message, newer)).as("acknowledged again").isTrue();
    }
  }

  /// Killed with most of a row of messages still in its hands, three times on the same vault.
  @Test
  void noKillLosesAnAcknowledgedGmk() throws Exception {
    int row = 6;
    List<GroupMasterKey> acknowledged = new ArrayList<>();
    for (int round = 1; round <= 3; round++) {
      List<GroupMasterKey> sent = new ArrayList<>();
      List<byte[]> messages = new ArrayList<>();
      for (int n = 0; n < row; n++) {
        sent.add(lab.newGmk(FIRE));
        messages.add(lab.iMessageTo(sent.getLast(), GATEWAY));
      }
      List<byte[]> receipts = new ArrayList<>();
      try (GatewayProcess gateway = new GatewayProcess(config)) {
        for (byte[] message : messages) {
          mouth.send(message, mikey(gateway));
        }
        receipts.addAll(mouth.hear(round));
        gateway.kill();
      }
      receipts.addAll(mouth.drain());
      for (byte[] receipt : receipts) {
        acknowledged.add(acknowledgedBy(receipt, messages, sent));
      }
      assertKept(acknowledged);
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(1 + 2 + 3);
  }

  private static GroupMasterKey acknowledgedBy(
      byte[] receipt, List<byte[]> messages, List<GroupMasterKey> gmks) throws Exception {
    for (int n = 0; n < gmks.size(); n++) {
      if (isReceipt(receipt, messages.get(n), gmks.get(n))) {
        return gmks.get(n);
      }
    }
    throw new AssertionError("a receipt for nothing that was sent");
  }

  private static boolean isReceipt(byte[] receipt, byte[] message, GroupMasterKey gmk)
      throws Exception {
    return GmkReceipt.read(receipt).isValid(UnverifiedGmkDistribution.read(message), gmk);
  }

  private void assertKept(List<GroupMasterKey> acknowledged) throws Exception {
    try (Vault vault = openVault();
        Member gateway = Member.open(vault, new Identity(GATEWAY), lab.clock())) {
      for (GroupMasterKey gmk : acknowledged) {
        assertThat(gateway.gmkBook().find(gmk.group(), gmk.gmkId()))
            .hasValueSatisfying(kept -> assertThat(kept.key()).isEqualTo(gmk.key()));
      }
    }
  }

  private static InetSocketAddress mikey(GatewayProcess gateway) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.mikeyPort());
  }
}
