package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.ExitCode;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.keys.FreePort;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;

/// `parley gateway --config` as a service manager sees it fail: an exit code that tells the kind,
/// one sentence, no stack trace, and every file as it was.
class BadStartIT {
  private static final String GATEWAY = "sip:gpe1@example.org";
  private static final String FIRE = "sip:fire@example.org";

  @TempDir Path folder;

  /// A gateway that has run before, as far as its files tell.
  private Path provision(InstantSource clock) throws Exception {
    try (Lab lab = new Lab(folder, clock)) {
      LabMember gateway = lab.member(GATEWAY);
      lab.group(FIRE, gateway);
      assertThat(gateway.vault().recordingKey().keyId()).isNotEmpty();
      lab.release(gateway);
      Files.copy(lab.keyFile(), folder.resolve("key"));
      Path recording = folder.resolve("recordings/fire/yesterday.parley");
      Files.createDirectories(recording.getParent());
      Files.writeString(recording, "whatever was recorded yesterday");
      return lab.vaultFile(GATEWAY);
    }
  }

  private Path config(String vault, String mikey, String admin, String leg) throws IOException {
    return Files.writeString(
        folder.resolve("gateway.yaml"),
        """
        identity: %s
        vault: %s
        mikey: {listen: "%s"}
        admin: {listen: "%s"}
        record: {directory: recordings}
        groups: [{id: "%s", listen: [%s], record: {}}]
        """
            .formatted(GATEWAY, vault, mikey, admin, FIRE, leg));
  }

  private Path config(Path vault, String leg) throws IOException {
    return config("{file: %s, key-file: key}".formatted(vault), "127.0.0.1:0", "127.0.0.1:0", leg);
  }

  private Map<Path, String> files() throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(file, HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  /// The one sentence with which it refuses to start.
  private String refusal(Path config, ExitCode expected) throws Exception {
    Map<Path, String> before = files();
    GatewayProcess.Refused refused = GatewayProcess.refused(config);
    assertThat(refused.exitCode()).as(refused.everything()).isEqualTo(expected.code());
    assertThat(refused.everything()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(files()).isEqualTo(before);
    assertThat(refused.sentences()).isNotEmpty();
    assertThat(refused.sentences().getFirst()).startsWith("parley: ");
    return String.join("\n", refused.sentences());
  }

  private static String free() throws IOException {
    return "{unicast: \"127.0.0.1:%d\"}".formatted(FreePort.udp());
  }

  @Test
  void aMediaPortInUse() throws Exception {
    Path vault = provision(Clock.systemUTC());
    try (var taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Path config = config(vault, "{unicast: \"%s\"}".formatted(address));
      assertThat(refusal(config, ExitCode.PORT_UNAVAILABLE)).contains(address).hasLineCount(1);
    }
  }

  @Test
  void theMikeyPortInUse() throws Exception {
    Path vault = provision(Clock.systemUTC());
    try (var taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String opened = "{file: %s, key-file: key}".formatted(vault);
      Path config = config(opened, address, "127.0.0.1:0", free());
      assertThat(refusal(config, ExitCode.PORT_UNAVAILABLE)).contains(address).hasLineCount(1);
    }
  }

  @Test
  void theAdminPortInUse() throws Exception {
    Path vault = provision(Clock.systemUTC());
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String opened = "{file: %s, key-file: key}".formatted(vault);
      Path config = config(opened, "127.0.0.1:0", address, free());
      assertThat(refusal(config, ExitCode.PORT_UNAVAILABLE)).contains(address).hasLineCount(1);
    }
  }

  @Test
  void anInterfaceThatIsNotThere() throws Exception {
    Path vault = provision(Clock.systemUTC());
    Path config = config(vault, "{multicast: \"239.1.2.3:5004\", interface: none0}");
    assertThat(refusal(config, ExitCode.CONFIGURATION_REFUSED))
        .contains("groups[0].listen[0].interface", "no interface none0", "lo");
  }

  @Test
  void aWrongPassphrase() throws Exception {
    Path vault = provision(Clock.systemUTC());
    try (Vault opened = Vault.open(vault, VaultKey.keyFile(folder.resolve("key")));
        VaultKey passphrase = VaultKey.passphrase("correct horse".toCharArray())) {
      opened.rekey(passphrase);
    }
    Files.writeString(folder.resolve("pass"), "battery staple\n");
    String opened = "{file: %s, passphrase-file: pass}".formatted(vault);
    Path config = config(opened, "127.0.0.1:0", "127.0.0.1:0", free());
    assertThat(refusal(config, ExitCode.VAULT))
        .contains(vault.toString(), "passphrase")
        .doesNotContain("battery")
        .hasLineCount(1);
  }

  @Test
  void keysOfAPeriodThatIsOver() throws Exception {
    Path vault = provision(Clock.offset(Clock.systemUTC(), Duration.ofDays(-150)));
    assertThat(refusal(config(vault, free()), ExitCode.KEYS)).contains(GATEWAY).hasLineCount(1);
  }

  /// Seen from the vault's GMK, which was issued two hours after what our clock says.
  @Test
  void aClockFarBehind() throws Exception {
    Path vault = provision(Clock.offset(Clock.systemUTC(), Duration.ofHours(2)));
    assertThat(refusal(config(vault, free()), ExitCode.CLOCK))
        .contains("the clock says", FIRE)
        .hasLineCount(1);
  }
}
