package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.config.ConfigFile;
import parley.keys.FreePort;
import parley.keys.audit.AuditReader;
import parley.keys.http.ClientTls;
import parley.keys.http.LabAuthority;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.client.Provision;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretBytes;

/// A KMS over HTTPS, as a terminal finds it.
class KmsServerTest {
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final String PHONE = "phone-1";

  private final Instant now = Instant.now();
  private final SecureRandom random = new SecureRandom();
  private final LabAuthority authority =
      LabAuthority.create("lab", now.minusSeconds(60), now.plusSeconds(3600), random);

  @TempDir Path folder;
  private int port;
  private Path ca;
  private Path config;
  private Vault vault;
  private KmsServer server;

  @BeforeEach
  void start() throws Exception {
    port = FreePort.tcp();
    ca = authority.write(folder.resolve("ca.pem"));
    LabAuthority.Holder own =
        authority.issue(
            folder,
            "kms",
            List.of(
                LabAuthority.dns("localhost"),
                LabAuthority.address(InetAddress.getLoopbackAddress())),
            now.minusSeconds(60),
            now.plusSeconds(3600));
    byte[] key = new byte[32];
    random.nextBytes(key);
    Path keyFile = Files.write(folder.resolve("kms.key"), key);
    vault = Vault.create(folder.resolve("kms.vault"), VaultKey.keyFile(keyFile));
    KmsIssuer.create(KmsSettings.monthly("kms.example.org"), vault, random).close();
    config =
        Files.writeString(
            folder.resolve("kms.yaml"),
            """
            vault: {file: kms.vault, key-file: kms.key}
            url: https://localhost:%d
            https: {listen: "127.0.0.1:%d", certificate: %s, key: %s, client-ca: ca.pem}
            admin: {listen: "127.0.0.1:0"}
            """
                .formatted(port, port, own.certificate(), own.key()));
    server = open();
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

  private KmsAddress address() {
    return new KmsAddress("https://localhost:" + port, "kms.example.org");
  }

  private KeyProvisioning client(EnrolmentTicket ticket, TransportKeys keys) throws Exception {
    return KeyProvisioning.over(
        ClientTls.load(ca, null),
        Map.of("Authorization", "Bearer " + ticket.bearer()),
        KmsConversation.Asker.of(address(), ALICE, PHONE, keys),
        InstantSource.system());
  }

  @Test
  void aTicketBringsKeysThatAMemberTakes() throws Exception {
    server.registry().users().add(ALICE, null);
    try (EnrolmentTicket ticket =
            server.registry().tickets().make(ALICE, PHONE, Duration.ofDays(1));
        TransportKeys keys = ticket.transportKeys();
        KeyProvisioning client = client(ticket, keys)) {
      KmsCertificate certificate = client.certificate();
      try (Provision provision = client.keys(ALICE, certificate);
          Vault own =
              Vault.create(
                  folder.resolve("alice.vault"), VaultKey.keyFile(folder.resolve("kms.key")))) {
        for (var set : provision.keys()) {
          Member.install(own, certificate, set);
        }
        try (Member alice = Member.open(own, ALICE, InstantSource.system())) {
          assertThat(alice.homeKms()).isEqualTo(certificate);
        }
      }
      assertThatThrownBy(() -> client.keys(ALICE, certificate))
          .as("a ticket is good once")
          .isInstanceOf(KmsRefusal.class);
    }
    assertThat(server.counters().keySets()).isPositive();
    server.close();
    var report = AuditReader.read(List.of(folder.resolve("audit/audit.log")));
    assertThat(report.isUnaltered()).isTrue();
    assertThat(report.lines())
        .anySatisfy(line -> {
          assertThat(line.actor()).startsWith("ticket ticket for phone-1 at 127.0.0.1");
          assertThat(line.target()).startsWith("sip:alice@example.org, device phone-1, period");
          assertThat(line.outcome()).isEqualTo("given");
        });
  }

  @Test
  void strangersLearnNothing() throws Exception {
    try (EnrolmentTicket ticket = madeElsewhere();
        TransportKeys keys = ticket.transportKeys();
        KeyProvisioning client = client(ticket, keys)) {
      assertThatThrownBy(client::certificate)
          .isInstanceOf(KmsRefusal.class)
          .hasMessageContaining("403");
    }
  }

  private EnrolmentTicket madeElsewhere() {
    try (var text =
        SecretBytes.copyOf("A".repeat(43).getBytes(StandardCharsets.US_ASCII), "ticket")) {
      return EnrolmentTicket.read(text);
    }
  }
}
