package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
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
import parley.gateway.config.ConfigFile;
import parley.gateway.kms.KmsServer;
import parley.keys.http.LabAuthority;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
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
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
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

  @Test
  void aWayToBeKnownIsNeeded() {
    Run refused = enrol("--ca", ca);

    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(refused.err()).contains("--kms needs --ticket");
    assertThat(folder.resolve("alice.vault")).doesNotExist();
  }
}
