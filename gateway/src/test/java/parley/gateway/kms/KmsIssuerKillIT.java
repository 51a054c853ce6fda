package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.gateway.kms.KmsRig.ALICE;
import static parley.gateway.kms.KmsRig.PHONE;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.bsf.BsfRig;
import parley.gateway.system.ParleyProcess;
import parley.keys.FreePort;
import parley.keys.http.ClientTls;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.client.Provision;
import parley.keys.kms.front.Denial;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;

/// The master secrets in a process of their own, which is killed and comes back while the KMS runs:
/// who asks in between is told to ask again later, and keeps its ticket.
class KmsIssuerKillIT {
  @TempDir Path folder;
  private KmsRig rig;
  private int port;
  private KmsAddress address;

  @BeforeEach
  void files() throws Exception {
    rig = new KmsRig(folder);
    rig.emptyVault("front").close();
    port = FreePort.tcp();
    address = KmsRig.address(port);
  }

  private ParleyProcess issuer() throws Exception {
    var process =
        new ParleyProcess(
            List.of(),
            "kms",
            "issuer",
            "--vault",
            rig.file("kms.vault"),
            "--key-file",
            rig.file("key"),
            "--socket",
            rig.file("issuer.sock"),
            "--log=plain");
    process.awaitSaying("issuer ready");
    return process;
  }

  @Test
  void anIssuerThatIsKilledComesBack() throws Exception {
    ParleyProcess issuer = issuer();
    try (KmsRig.Running kms =
        rig.start(rig.configure("front", port, "issuer: {socket: issuer.sock}\n"))) {
      kms.server().registry().users().add(ALICE, null);
      try (EnrolmentTicket ticket =
              kms.server().registry().tickets().make(ALICE, PHONE, Duration.ofDays(1));
          TransportKeys ofTicket = ticket.transportKeys();
          KeyProvisioning client = rig.byTicket(address, ALICE, ticket, ofTicket)) {
        assertThat(client.certificate()).isEqualTo(rig.certificate());
        issuer.kill();
        assertThatThrownBy(() -> client.keys(ALICE, rig.certificate()))
            .isInstanceOfSatisfying(
                KmsRefusal.class, e -> assertThat(e.kind()).isEqualTo(KmsRefusal.Kind.LATER))
            .hasMessageContaining("this KMS cannot issue keys at the moment; ask again later");
        assertThat(status(ticket, ofTicket)).isEqualTo(503);
        assertThat(client.certificate()).as("needs no issuer").isEqualTo(rig.certificate());
        assertThat(kms.server().counters().denied(Denial.ISSUER_UNREACHABLE)).isEqualTo(2);

        issuer.close();
        issuer = issuer();
        try (Provision got = client.keys(ALICE, rig.certificate());
            TransportKeys own = Objects.requireNonNull(got.newTransportKeys()).duplicate()) {
          issuer.kill();
          issuer.close();
          issuer = issuer();
          requireSame(got, own);
        }
      }
    } finally {
      issuer.close();
    }
  }

  private int status(EnrolmentTicket ticket, TransportKeys keys) throws Exception {
    KmsConversation question = Asker.of(address, ALICE, PHONE, keys).keysOf(ALICE, Instant.now());
    try (HttpClient http = ClientTls.http(rig.files().tls(), BsfRig.PATIENCE)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(question.url()))
              .header("Authorization", "Bearer " + ticket.bearer())
              .POST(HttpRequest.BodyPublishers.ofByteArray(question.question()))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  /// From an issuer that was started twice since.
  private void requireSame(Provision before, TransportKeys own) throws Exception {
    try (KeyProvisioning client =
            KeyProvisioning.over(
                rig.files().tls(),
                Map.of(),
                Asker.of(address, ALICE, PHONE, own),
                InstantSource.system());
        Provision again = client.keys(ALICE, rig.certificate())) {
      assertThat(again.keys().getFirst().ssk()).isEqualTo(before.keys().getFirst().ssk());
      assertThat(again.keys().getFirst().rsk()).isEqualTo(before.keys().getFirst().rsk());
    }
  }
}
