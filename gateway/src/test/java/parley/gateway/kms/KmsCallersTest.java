package parley.gateway.kms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.gateway.kms.KmsRig.ALICE;
import static parley.gateway.kms.KmsRig.PHONE;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FreePort;
import parley.keys.Program;
import parley.keys.audit.AuditReader;
import parley.keys.http.LabAuthority;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.client.Provision;
import parley.keys.kms.front.ByTunnel;
import parley.keys.kms.registry.KnownBy;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// Clients that are known by certificates, their own or a tunnel's, and what everybody else hears.
class KmsCallersTest {
  private static final Identity BOB = new Identity("sip:bob@example.org");
  private static final Identity NOBODY = new Identity("sip:nobody@example.org");
  private static final Instant YEAR_2100 = Instant.parse("2100-01-01T00:00:00Z");

  @TempDir Path folder;
  private KmsRig rig;
  private KmsAddress address;
  private KmsRig.Running kms;

  @BeforeEach
  void start() throws Exception {
    rig = new KmsRig(folder);
    var _ = rig.files().client("alice", LabAuthority.uri(ALICE.uri()));
    var _ = rig.files().client("mallory", LabAuthority.uri("sip:mallory@example.org"));
    var _ = rig.files().client("tunnel", LabAuthority.dns("tunnel.example.org"));
    int port = FreePort.tcp();
    address = KmsRig.address(port);
    kms =
        rig.start(
            rig.configure("kms", port, "tunnels: [tunnel.example.org]\nclear-keys-in-tls: true\n"));
    kms.server().registry().users().add(ALICE, null);
    kms.server().registry().users().add(BOB, null);
    assertThat(
            kms.server().registry().users().name(ALICE, KnownBy.CERTIFICATE, "URI:" + ALICE.uri()))
        .isTrue();
  }

  @AfterEach
  void stop() {
    kms.close();
  }

  private Asker asker(Identity who) {
    return new Asker(address, who, PHONE, null, true);
  }

  private KeyProvisioning client(String certificate, Identity who, Map<String, String> headers) {
    return rig.client(address, certificate, headers, asker(who));
  }

  private Program.Result curl(KmsConversation question, String... more) throws IOException {
    Program.require("curl", "curl");
    Path body = Files.write(folder.resolve("question.xml"), question.question());
    var command =
        new ArrayList<>(
            List.of(
                "curl",
                "-sSi",
                "--max-time",
                "60",
                "--cacert",
                rig.file("ca.pem").toString(),
                "-H",
                "Content-Type: " + KmsRig.XML,
                "--data-binary",
                "@" + body));
    command.addAll(List.of(more));
    command.add(question.url());
    return Program.run("", command.toArray(String[]::new));
  }

  private String[] showing(String certificate) {
    return new String[] {
      "--cert",
      rig.file(certificate + ".pem").toString(),
      "--key",
      rig.file(certificate + "-key.pem").toString()
    };
  }

  @Test
  void curlWithAClientCertificateGetsKeys() throws Exception {
    KmsConversation question = asker(ALICE).keysOf(ALICE, Instant.now());
    String said = curl(question, showing("alice")).said();
    assertThat(said).startsWith("HTTP/1.1 200 OK");
    byte[] answer = said.substring(said.indexOf("\r\n\r\n") + 4).getBytes(UTF_8);
    try (Provision got = question.keys(200, answer, ALICE, rig.certificate(), Instant.now());
        Vault own = rig.emptyVault("alice")) {
      assertThat(got.keys()).isNotEmpty();
      for (var set : got.keys()) {
        Member.install(own, rig.certificate(), set);
      }
      Member.open(own, ALICE, InstantSource.system()).close();
    }
  }

  /// Whose user exists, whose is withdrawn, and whether a certificate was shown: nobody learns it.
  @Test
  void strangersHearTheSameOctetsWhomeverTheyName() throws Exception {
    assertThat(kms.server().registry().users().revoke(BOB, "left")).isTrue();
    String first = curl(asker(ALICE).keysOf(ALICE, Instant.now())).said();
    assertThat(first).startsWith("HTTP/1.1 403 ").endsWith("not known to this KMS\n");
    for (Identity who : List.of(ALICE, BOB, NOBODY)) {
      KmsConversation question = asker(who).keysOf(who, Instant.now());
      assertThat(curl(question).said()).as("nothing, %s", who).isEqualTo(first);
      assertThat(curl(question, showing("mallory")).said())
          .as("another's certificate, %s", who)
          .isEqualTo(first);
      assertThat(curl(question, "-H", "Authorization: Bearer " + "x".repeat(43)).said())
          .as("no ticket, %s", who)
          .isEqualTo(first);
      assertThat(curl(question, "-H", ByTunnel.HEADER + ": " + who).said())
          .as("no tunnel, %s", who)
          .isEqualTo(first);
    }
    assertThat(kms.server().counters().keySets()).isZero();
  }

  @Test
  void aTunnelsEndPointSaysWhoAsks() throws Exception {
    Map<String, String> asserted = Map.of(ByTunnel.HEADER, "\"" + ALICE + "\"");
    try (KeyProvisioning client = client("tunnel", ALICE, asserted);
        Provision got = client.keys(ALICE, client.certificate());
        Vault own = rig.emptyVault("alice")) {
      for (var set : got.keys()) {
        Member.verify(own, rig.certificate(), set);
      }
    }
    assertThat(AuditReader.read(List.of(rig.file("kms.audit"))).lines())
        .anySatisfy(line -> {
          assertThat(line.actor()).isEqualTo("tunnel DNS:tunnel.example.org at 127.0.0.1");
          assertThat(line.target()).startsWith("sip:alice@example.org, device phone-1, period");
        });
  }

  /// The header is a tunnel's alone.
  @Test
  void anothersAssertionIsNotHeard() throws Exception {
    Map<String, String> asserted = Map.of(ByTunnel.HEADER, BOB.uri());
    try (KeyProvisioning client = client("mallory", BOB, asserted)) {
      assertThatThrownBy(() -> client.keys(BOB, rig.certificate()))
          .isInstanceOfSatisfying(
              KmsRefusal.class, e -> assertThat(e.kind()).isEqualTo(KmsRefusal.Kind.NOT_KNOWN));
    }
    try (KeyProvisioning client = client("alice", BOB, asserted)) {
      assertThatThrownBy(() -> client.keys(BOB, rig.certificate()))
          .as("known as itself, whatever it asserts")
          .hasMessageContaining("you are known as sip:alice@example.org");
    }
    try (KeyProvisioning client = client("tunnel", NOBODY, Map.of(ByTunnel.HEADER, NOBODY.uri()))) {
      assertThatThrownBy(() -> client.keys(NOBODY, rig.certificate()))
          .hasMessageContaining("not known to this KMS");
    }
    assertThat(kms.server().counters().keySets()).isZero();
  }

  private HttpResponse<String> admin(String method, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:%d/api/v1%s"
                          .formatted(kms.server().adminLocal().getPort(), path)))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /// Rows 26 and 28 of the threats: over a connection that stands, from one request to the next.
  @Test
  void revocationCountsFromTheNextRequest() throws Exception {
    try (KeyProvisioning client = client("alice", ALICE, Map.of())) {
      client.keys(ALICE, rig.certificate()).close();
      assertThatThrownBy(() -> client.keys(ALICE, YEAR_2100, rig.certificate()))
          .hasMessageContaining("is not open until");
      assertThat(admin("PUT", "/users/sip%3Aalice%40example.org/revocation").body())
          .contains("\"revoked\":true");
      assertThatThrownBy(() -> client.keys(ALICE, rig.certificate()))
          .isInstanceOf(KmsRefusal.class)
          .hasMessageContaining("are withdrawn; ask the operator of KMS kms.example.org");
      assertThat(admin("DELETE", "/users/sip%3Aalice%40example.org/revocation").statusCode())
          .isEqualTo(200);
      client.keys(ALICE, rig.certificate()).close();
    }
  }
}
