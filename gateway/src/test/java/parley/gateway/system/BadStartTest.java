package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.StartRefused;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.SteppingClock;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;

/// What keeps a gateway from starting: one sentence each, and nothing stored is touched.
class BadStartTest {
  private static final String GATEWAY = "sip:gpe1@example.org";
  private static final String FIRE = "sip:fire@example.org";

  @TempDir Path folder;
  private final SteppingClock clock = new SteppingClock(Instant.parse("2026-11-23T12:00:00Z"));
  private Lab lab;
  private Path vaultFile;
  private byte[] stored;

  @BeforeEach
  void setUp() throws Exception {
    lab = new Lab(folder, clock);
    LabMember gateway = lab.member(GATEWAY);
    lab.group(FIRE, gateway);
    lab.release(gateway);
    vaultFile = lab.vaultFile(GATEWAY);
    stored = Files.readAllBytes(vaultFile);
  }

  @AfterEach
  void nothingStoredIsTouched() throws Exception {
    lab.close();
    assertThat(Files.readAllBytes(vaultFile)).isEqualTo(stored);
  }

  private Path config(String leg, String... moreGroups) throws Exception {
    Path file = folder.resolve("gateway.yaml");
    Files.writeString(
        file,
        """
        identity: %s
        vault: {file: %s, key-file: %s}
        mikey: {listen: 127.0.0.1:0}
        groups:
          - {id: "%s", listen: [%s]}
        """
                .formatted(GATEWAY, vaultFile, lab.keyFile(), FIRE, leg)
            + Stream.of(moreGroups).map(g -> "  - " + g + "\n").collect(Collectors.joining()));
    return file;
  }

  private StartRefused refused(String leg, String... moreGroups) throws Exception {
    var services = new GatewayServices(clock, new SecureRandom(), null, null);
    try (Vault vault = Vault.open(vaultFile, VaultKey.keyFile(lab.keyFile()))) {
      StartRefused refused =
          catchThrowableOfType(
              StartRefused.class,
              () ->
                  Gateway.start(ConfigFile.read(config(leg, moreGroups)), vault, services).close());
      assertThat(refused).as("it starts").isNotNull();
      assertThat(refused.getMessage()).doesNotContain("\n").doesNotContain("Exception");
      return refused;
    }
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (var taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String leg = "127.0.0.1:" + taken.getLocalPort();
      StartRefused refused = refused("{unicast: \"" + leg + "\"}");
      assertThat(refused.kind()).isEqualTo(StartRefused.Kind.PORT);
      assertThat(refused.getMessage()).contains(leg);
    }
  }

  @Test
  void aPortInUseWritesNeitherAMembershipNorARecordingKey() throws Exception {
    try (var taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String leg = "127.0.0.1:" + taken.getLocalPort();
      String coast =
          "{id: 'sip:coast@example.org', listen: [{unicast: '127.0.0.1:9'}], record: {}}";
      StartRefused refused = refused("{unicast: \"" + leg + "\"}", coast);
      assertThat(refused.kind()).isEqualTo(StartRefused.Kind.PORT);
      assertThat(refused.getMessage()).contains(leg);
    }
  }

  @Test
  void aMissingInterfaceIsNamedByItsPath() throws Exception {
    ConfigException wrong =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigFile.read(config("{multicast: \"239.1.2.3:5004\", interface: none0}")));
    assertThat(wrong.getMessage()).contains("groups[0].listen[0].interface").contains("none0");
  }

  @Test
  void expiredKeysAreNamedWithTheirPeriod() throws Exception {
    clock.step(Duration.ofDays(120));
    StartRefused refused = refused("{unicast: \"127.0.0.1:9\"}");
    assertThat(refused.kind()).isEqualTo(StartRefused.Kind.KEYS);
    assertThat(refused.getMessage()).contains(GATEWAY).contains("2027-03");
  }

  @Test
  void aClockFarBehindIsSaid() throws Exception {
    clock.step(Duration.ofHours(-2));
    StartRefused refused = refused("{unicast: \"127.0.0.1:9\"}");
    assertThat(refused.kind()).isEqualTo(StartRefused.Kind.CLOCK);
    assertThat(refused.getMessage()).contains("the clock says 2026-11-23T10:00:00Z");
  }

  @Test
  void aWrongKeyOpensNothing() throws Exception {
    Path wrong = folder.resolve("wrong.key");
    Files.write(wrong, new byte[32]);
    VaultException refused =
        catchThrowableOfType(
            VaultException.class, () -> Vault.open(vaultFile, VaultKey.keyFile(wrong)).close());
    assertThat(refused.getMessage()).contains(vaultFile.toString());
  }
}
