package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.StartRefused;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.GatewayConfig;
import parley.gateway.lab.BothPaths;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.keys.vault.RecordingKey;
import parley.mikey.secret.SecretBytes;

/// The vault is the caller's: what a gateway opened it closes, and the next one finds it usable.
@BothPaths
class GatewayRestartTest {
  private static final String FIRE = "sip:fire@example.org";

  @TempDir Path folder;
  private final String io;
  private Lab lab;
  private LabMember gateway;

  @SuppressWarnings("NullAway.Init")
  GatewayRestartTest(String io) {
    this.io = io;
  }

  @BeforeEach
  void setUp() throws Exception {
    lab = new Lab(folder, Clock.systemUTC());
    gateway = lab.member("sip:gpe1@example.org");
    lab.group(FIRE, gateway);
  }

  @AfterEach
  void tearDown() {
    lab.close();
  }

  private Gateway start(int port) throws Exception {
    Path file = folder.resolve("gateway.yaml");
    Files.writeString(
        file,
        """
        identity: %s
        vault: {file: %s, key-file: %s}
        mikey: {listen: 127.0.0.1:0}
        media: {io: %s}
        groups: [{id: "%s", listen: [{unicast: "127.0.0.1:%d"}], record: {}}]
        """
            .formatted(
                gateway.identity(),
                lab.vaultFile(gateway.identity().uri()),
                lab.keyFile(),
                io,
                FIRE,
                port));
    GatewayConfig config = ConfigFile.read(file);
    return Gateway.start(config, gateway.vault(), GatewayServices.defaults());
  }

  private static int freePort() throws Exception {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void assertRecordingKeyWorks() throws Exception {
    RecordingKey key = gateway.vault().recordingKey();
    try (SecretBytes gsk = SecretBytes.random(16, lab.random(), "GSK")) {
      try (SecretBytes unwrapped = key.unwrap(key.wrap(gsk))) {
        assertThat(unwrapped).isEqualTo(gsk);
      }
    }
  }

  @Test
  void startsAgainOnTheSameVaultAndPorts() throws Exception {
    int port = freePort();
    start(port).close();
    assertRecordingKeyWorks();
    start(port).close();
    assertRecordingKeyWorks();
  }

  @Test
  void aRefusedStartDoesNotSpoilTheNext() throws Exception {
    try (var taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(taken.getLocalPort()).close())
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("the port is in use");
    }
    start(freePort()).close();
    assertRecordingKeyWorks();
  }
}
