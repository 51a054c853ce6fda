package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.record.RecordingExport;
import parley.gateway.record.RecordingSummary;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GroupMasterKey;

/// SIGKILL in a burst, start again, export: nothing flushed is lost, no acknowledged key is lost,
/// and the next burst works.
class GatewayKillIT {
  private static final String FIRE = "sip:fire@example.org";
  private static final String GATEWAY = "sip:gpe1@example.org";
  private static final int PACKETS = 60;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

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
    media = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
    config = folder.resolve("gateway.yaml");
    Files.writeString(
        config,
        """
        identity: %s
        vault: {file: %s, key-file: %s}
        mikey: {listen: 127.0.0.1:0}
        admin: {listen: 127.0.0.1:0}
        record: {directory: recordings}
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

  private static int freePort() throws IOException {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private List<byte[]> burst(LabTalker talker, int packets) throws Exception {
    byte[] announcement = talker.announce();
    mouth.send(announcement, media);
    assertThat(ear.hear()).isEqualTo(announcement);
    List<byte[]> payloads = new ArrayList<>();
    for (int n = 0; n < packets; n++) {
      byte[] packet = talker.packet(n);
      mouth.send(packet, media);
      assertThat(ear.hear()).as("relayed octet for octet").isEqualTo(packet);
      payloads.add(LabTalker.payload(n));
    }
    return payloads;
  }

  private List<Path> recordings() throws IOException {
    return RecordingSummary.find(folder.resolve("recordings"));
  }

  /// What is on the disk is told by nobody but the disk.
  private void awaitRecorded(int index, long packets) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (recordings().size() <= index
        || RecordingSummary.read(recordings().get(index)).srtpPackets() < packets) {
      assertThat(System.nanoTime()).as("recorded in time").isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private void awaitClosed(int index) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (RecordingSummary.read(recordings().get(index)).endReason().isEmpty()) {
      assertThat(System.nanoTime()).as("closed in time").isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void nothingFlushedIsLostAndTheNextBurstWorks() throws Exception {
    List<byte[]> before;
    try (GatewayProcess first = new GatewayProcess(config)) {
      LabTalker talker = alice.talker(FIRE);
      before = burst(talker, PACKETS);
      awaitRecorded(0, PACKETS);
      for (int n = PACKETS; n < PACKETS + 10; n++) {
        mouth.send(talker.packet(n), media);
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
      assertThat(second.stop()).isIn(0, 143);
    }
    RecordingSummary killed = RecordingSummary.read(recordings().getFirst());
    assertThat(killed.endReason()).as("unclosed").isEmpty();
    assertThat(killed.srtpPackets()).isGreaterThanOrEqualTo(PACKETS);
    assertThat(RecordingSummary.read(recordings().get(1)).endReason()).isPresent();
    try (Vault vault = Vault.open(lab.vaultFile(GATEWAY), VaultKey.keyFile(lab.keyFile()));
        RecordingKey key = vault.recordingKey()) {
      assertThat(RecordingExport.payloads(recordings().getFirst(), key))
          .startsWith(before.toArray(byte[][]::new));
      assertThat(RecordingExport.payloads(recordings().get(1), key))
          .containsExactlyElementsOf(after);
      var report =
          RecordingExport.export(
              recordings().getFirst(),
              key,
              RecordingExport.Format.PCAPNG,
              folder.resolve("killed.pcapng"),
              false,
              _ -> {});
      assertThat(report.isComplete()).isTrue();
    }
  }

  @Test
  void aGmkThatWasAcknowledgedIsThereAfterTheKill() throws Exception {
    GroupMasterKey newer = lab.newGmk(FIRE);
    byte[] message = lab.iMessageTo(newer, GATEWAY);
    try (GatewayProcess first = new GatewayProcess(config)) {
      var mikey = new InetSocketAddress(InetAddress.getLoopbackAddress(), first.mikeyPort());
      mouth.send(message, mikey);
      assertThat(mouth.hear()[1]).as("a receipt is a verification message").isEqualTo((byte) 1);
      first.kill();
    }
    lab.distribute(newer, alice);
    try (GatewayProcess second = new GatewayProcess(config)) {
      assertThat(second.mikeyPort()).isPositive();
      LabTalker talker = alice.talker(FIRE);
      assertThat(talker.gmkId()).isEqualTo(newer.gmkId());
      burst(talker, 3);
    }
  }
}
