package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.StartRefused;
import parley.gateway.config.ConfigFile;
import parley.gateway.kms.KmsServer;
import parley.gateway.manager.ManagerServer;
import parley.keys.FreePort;
import parley.keys.enrol.NotEnrolled;
import parley.keys.http.LabAuthority;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// `parley enrol` against a KMS over HTTPS.
class EnrolCommandTest {
  private static final Identity ALICE = new Identity("sip:alice@example.org");

  private final Instant now = Instant.now();
  private final SecureRandom random = new SecureRandom();
  private final LabAuthority authority = authority("lab");

  @TempDir Path folder;
  private Path keyFile;
  private Path ca;
  private Path config;
  private int port;
  private Vault vault;
  private KmsServer server;

  private LabAuthority authority(String name) {
    return LabAuthority.create(name, now.minusSeconds(60), now.plusSeconds(3600), random);
  }

  @BeforeEach
  void start() throws Exception {
    port = FreePort.tcp();
    ca = authority.write(folder.resolve("ca.pem"));
    LabAuthority.Holder own =
        authority.issue(
            folder,
            "kms",
            List.of(LabAuthority.dns("localhost")),
            now.minusSeconds(60),
            now.plusSeconds(3600));
    byte[] key = new byte[32];
    random.nextBytes(key);
    keyFile = Files.write(folder.resolve("vault.key"), key);
    config =
        Files.writeString(
            folder.resolve("kms.yaml"),
            """
            vault: {file: kms.vault, key-file: vault.key}
            url: https://localhost:%d
            store: {file: kms.db}
            https: {listen: "127.0.0.1:%d", certificate: %s, key: %s, client-ca: ca.pem}
            admin: {listen: "127.0.0.1:0"}
            """
                .formatted(port, port, own.certificate(), own.key()));
    vault = masterSecrets("kms.vault");
    server = open();
    server.registry().users().add(ALICE, null);
  }

  private Vault masterSecrets(String name) throws Exception {
    Vault made = Vault.create(folder.resolve(name), VaultKey.keyFile(keyFile));
    KmsIssuer.create(KmsSettings.monthly("kms.example.org"), made, random).close();
    return made;
  }

  private KmsServer open() throws Exception {
    return KmsServer.start(
        ConfigFile.readKms(config), vault, "test", InstantSource.system(), random);
  }

  @AfterEach
  void stop() {
    server.close();
    vault.close();
  }

  private Path ticket(String device) throws Exception {
    try (EnrolmentTicket ticket =
            server.registry().tickets().make(ALICE, device, Duration.ofDays(1));
        SecretBytes text = ticket.text()) {
      Path file = folder.resolve("alice.ticket");
      byte[] line = text.lend(SecretAccess.token(), byte[]::clone);
      Files.write(file, line);
      Files.writeString(file, "\n", StandardOpenOption.APPEND);
      return file;
    }
  }

  private Run enrol(Object... more) {
    var words =
        new ArrayList<Object>(
            List.of(
                "enrol",
                "--vault",
                folder.resolve("alice.vault"),
                "--key-file",
                keyFile,
                "--identity",
                ALICE,
                "--kms",
                "https://localhost:" + port,
                "--kms-uri",
                "kms.example.org"));
    words.addAll(List.of(more));
    return Run.of(words.toArray());
  }

  @Test
  void aTicketBringsKeysOnceAndTransportKeysRenewThem() throws Exception {
    Path ticket = ticket("phone-1");

    Run first = enrol("--ca", ca, "--ticket", ticket);

    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).contains("installed sip:alice@example.org, period ");
    try (Vault own = Vault.open(folder.resolve("alice.vault"), VaultKey.keyFile(keyFile))) {
      assertThat(Member.holdsKeys(own, ALICE, now)).isTrue();
    }

    Run second = enrol("--ca", ca, "--ticket", ticket);
    assertThat(second.exitCode()).isEqualTo(ExitCode.KEYS.code());
    assertThat(second.err()).contains("a ticket is good once").hasLineCount(1);

    Run renewed = enrol("--ca", ca, "--renew");
    assertThat(renewed.err()).isEmpty();
    assertThat(renewed.exitCode()).isZero();
  }

  @Test
  void theWrongAuthorityIsNamed() throws Exception {
    Path other = authority("other").write(folder.resolve("other.pem"));

    Run refused = enrol("--ca", other, "--ticket", ticket("phone-1"));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION_REFUSED.code());
    assertThat(refused.err()).contains("is not believed to be the KMS").hasLineCount(1);
  }

  @Test
  void aKmsThatIsDownIsNamed() throws Exception {
    Path ticket = ticket("phone-1");
    server.close();

    Run refused = enrol("--ca", ca, "--ticket", ticket);

    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED.code());
    assertThat(refused.err()).contains("cannot be reached").hasLineCount(1);
  }

  @Test
  void otherMasterSecretsUnderTheSameUriAreRefusedAndTheTicketStaysGood() throws Exception {
    assertThat(enrol("--ca", ca, "--ticket", ticket("phone-1")).exitCode()).isZero();
    server.close();
    vault.close();
    Files.writeString(config, Files.readString(config).replace("kms.db", "other.db"));
    vault = masterSecrets("other.vault");
    server = open();
    server.registry().users().add(ALICE, null);

    Path ticket = ticket("phone-1");
    Run refused = enrol("--ca", ca, "--ticket", ticket);

    assertThat(refused.exitCode()).isEqualTo(ExitCode.KEYS.code());
    assertThat(refused.err())
        .contains("KMS kms.example.org is known by other public keys")
        .hasLineCount(1);
  }

  /// What a kill leaves between the two writes of an enrolment.
  @Test
  void whoeverHasStoredItsTransportKeysAloneGetsTheRest() throws Exception {
    assertThat(enrol("--ca", ca, "--ticket", ticket("phone-1")).exitCode()).isZero();
    try (Vault own = Vault.open(folder.resolve("alice.vault"), VaultKey.keyFile(keyFile))) {
      for (String type : List.of("member-keys", "home-kms", "kms-certificate")) {
        for (String name : own.names(type)) {
          assertThat(own.remove(type, name)).isTrue();
        }
      }
    }

    Run again = enrol("--ca", ca, "--renew");

    assertThat(again.err()).isEmpty();
    try (Vault own = Vault.open(folder.resolve("alice.vault"), VaultKey.keyFile(keyFile))) {
      assertThat(Member.holdsKeys(own, ALICE, now)).isTrue();
    }
  }

  @Test
  void aGatewayEnrolsByItselfAndSaysWhyWhereItCannot() throws Exception {
    Path ticket = ticket("gateway");
    Path yaml =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            identity: %s
            vault: {file: gateway.vault, key-file: vault.key}
            kms: {url: "https://localhost:%d", uri: kms.example.org, ca: ca.pem, ticket: %s}
            mikey: {listen: "127.0.0.1:0"}
            media: {io: netty}
            groups: [{id: "sip:fire-ops@example.org", listen: [{unicast: "127.0.0.1:%d"}]}]
            """
                .formatted(ALICE, port, ticket, port));
    GatewayServices services = GatewayServices.defaults();
    try (Vault own = Vault.create(folder.resolve("gateway.vault"), VaultKey.keyFile(keyFile));
        Gateway gateway = Gateway.start(ConfigFile.read(yaml), own, services)) {
      assertThat(gateway.member().signer(NtpTimestamp.of(now))).isNotNull();
      assertThat(gateway.keyRenewal()).isNotNull();
    }
    Files.delete(ticket);
    try (Vault own = Vault.open(folder.resolve("gateway.vault"), VaultKey.keyFile(keyFile))) {
      Gateway.start(ConfigFile.read(yaml), own, services).close(); // needs no ticket any more
    }
    try (Vault other = Vault.create(folder.resolve("other-gw.vault"), VaultKey.keyFile(keyFile))) {
      var config = ConfigFile.read(yaml);
      assertThatThrownBy(() -> Gateway.start(config, other, services))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("the enrolment ticket")
          .hasMessageContaining("cannot be read");
    }
  }

  @Test
  void aManagerFetchesTheKeysOfTheGroupsThatTheKmsListsForIt() throws Exception {
    Identity fire = new Identity("sip:fire-ops@example.org");
    Identity police = new Identity("sip:police-ops@example.org");
    String address = "udp:127.0.0.1:" + port;
    server.registry().groups().put(new GroupEntry(fire, fire, address, "kms.example.org"));
    server.registry().groups().managers(fire, List.of(ALICE));
    Files.writeString(
        folder.resolve("members.yaml"),
        "members:\n  - {identity: 'sip:bob@example.org', may: [talk, listen]}\n");
    String yaml =
        """
        vault: {file: manager.vault, key-file: vault.key}
        kms: {url: "https://localhost:%d", uri: kms.example.org, ca: ca.pem, ticket: %s,
              identity: "%s"}
        listen: "127.0.0.1:%d"
        groups: [{id: "%s", members: members.yaml, gmk: on-demand}]
        """;
    try (Vault own = Vault.create(folder.resolve("manager.vault"), VaultKey.keyFile(keyFile))) {
      Path config =
          Files.writeString(
              folder.resolve("manager.yaml"),
              yaml.formatted(port, ticket("manager"), ALICE, port, fire));
      ManagerServer.start(
              ConfigFile.readManager(config), own, "1.2.3", InstantSource.system(), random)
          .close();
      assertThat(Member.holdsKeys(own, fire, now)).isTrue();

      Files.writeString(config, yaml.formatted(port, ticket("manager"), ALICE, port, police));
      var others = ConfigFile.readManager(config);
      assertThatThrownBy(
              () -> ManagerServer.start(others, own, "1.2.3", InstantSource.system(), random))
          .isInstanceOf(NotEnrolled.class)
          .hasMessageContaining("its own keys and those of groups it manages");
    }
  }

  @Test
  void aWayToBeKnownIsNeeded() {
    Run refused = enrol("--ca", ca);

    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(refused.err()).contains("--kms needs --ticket");
    assertThat(folder.resolve("alice.vault")).doesNotExist();
  }
}
