package parley.gateway.bsf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.StartRefused;
import parley.gateway.config.BsfConfig;
import parley.gateway.config.ConfigFile;
import parley.keys.Program;
import parley.keys.audit.AuditLine;
import parley.keys.audit.AuditReader;
import parley.keys.audit.AuditReport;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.NafId;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.hss.SubscriberFile;
import parley.keys.gba.ue.BootstrapFailed;
import parley.keys.gba.ue.UbClient;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.gba.zn.NafKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// A BSF as it runs, asked over HTTPS on loopback.
class BsfServerTest {
  private static final NafId NAF = new NafId(BsfRig.KMS, UaProtocol.tls(0x1301));

  @TempDir Path folder;
  private BsfRig rig;
  private BsfServer server;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  @BeforeEach
  void start() throws Exception {
    rig = new BsfRig(folder);
    server = started(rig.configure(""));
  }

  private BsfServer started(Path yaml) throws Exception {
    BsfConfig config = ConfigFile.readBsf(yaml);
    InstantSource clock = now::get;
    try (VaultKey key = VaultKey.keyFile(rig.file("key"));
        Vault vault = Vault.open(config.vault().file(), key)) {
      try (BsfStore store = BsfStore.open(config, vault, clock, BsfRig.RANDOM)) {
        long _ = new SubscriberFile(rig.file("sims.csv")).importTo(store.hss(), (_, _) -> {});
      }
      return BsfServer.start(config, vault, "1.2.3", clock, BsfRig.RANDOM);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private BootstrappedKey bootstrap(Usim usim) throws Exception {
    try (UbClient client = rig.ub(BsfRig.url(server.ub()), BsfRig.ALICE, usim)) {
      return client.bootstrap();
    }
  }

  private AuditReport audit() throws IOException {
    return AuditReader.read(List.of(rig.file("bsf.audit")));
  }

  private List<String> acts() throws IOException {
    return audit().lines().stream()
        .filter(line -> !line.act().equals("start"))
        .map(line -> line.act() + " " + line.target() + ": " + line.outcome())
        .toList();
  }

  @Test
  void bootstrapsASimAndGivesTheKeyToItsNaf() throws Exception {
    try (Usim usim = BsfRig.usim();
        BootstrappedKey key = bootstrap(usim);
        HttpZnClient zn = rig.zn(server.zn(), "kms");
        NafKey theirs = zn.nafKey(key.btid(), NAF).orElseThrow();
        SecretBytes ours = key.ksNaf(NAF)) {
      assertThat(theirs.key()).isEqualTo(ours);
      assertThat(theirs.impi()).isEqualTo(BsfRig.ALICE);
      assertThat(theirs.identities()).containsExactly(BsfRig.ALICE_PUBLIC);
      assertThat(acts())
          .containsExactly(
              "bootstrap %s %s: done".formatted(BsfRig.ALICE, key.btid()),
              "key %s %s %s: done".formatted(BsfRig.ALICE, key.btid(), NAF));
      assertThat(audit().lines())
          .extracting(AuditLine::actor)
          .containsExactly("bsf", "127.0.0.1", "CN=kms");
      assertThat(audit().isUnaltered()).isTrue();
    }
  }

  /// Row 21 of the threats.
  @Test
  void aNafGetsNoKeyOfAnotherName() throws Exception {
    try (Usim usim = BsfRig.usim();
        BootstrappedKey key = bootstrap(usim);
        HttpZnClient zn = rig.zn(server.zn(), "other")) {
      assertThatThrownBy(() -> zn.nafKey(key.btid(), NAF))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("403");
      assertThatThrownBy(() -> zn.push(BsfRig.ALICE_PUBLIC, NAF)).hasMessageContaining("403");
      assertThatThrownBy(() -> zn.push(BsfRig.ALICE_PUBLIC, new NafId(BsfRig.OTHER, NAF.ua())))
          .hasMessageContaining("403");
      assertThat(acts())
          .contains(
              "key %s %s: refused: foreign name".formatted(key.btid(), NAF),
              "push %s: refused: foreign name".formatted(NAF),
              "push other.example.org %s: refused: not allowed".formatted(NAF.ua()));
    }
  }

  @Test
  void nobodyWithoutACertificateGetsAKey() throws Exception {
    try (Usim usim = BsfRig.usim();
        BootstrappedKey key = bootstrap(usim);
        HttpZnClient zn = new HttpZnClient(BsfRig.url(server.zn()), rig.tls(), BsfRig.PATIENCE)) {
      assertThatThrownBy(() -> zn.nafKey(key.btid(), NAF)).hasMessageContaining("403");
      assertThat(acts()).contains("key : refused: no certificate");
    }
  }

  @Test
  void servesTheNafsOfItsListAlone() throws Exception {
    server.close();
    server = started(rig.configure("nafs: [kms.example.org]"));
    var other = new NafId(BsfRig.OTHER, NAF.ua());
    try (Usim usim = BsfRig.usim();
        BootstrappedKey key = bootstrap(usim);
        HttpZnClient kms = rig.zn(server.zn(), "kms");
        HttpZnClient stranger = rig.zn(server.zn(), "other")) {
      kms.nafKey(key.btid(), NAF).orElseThrow().close();
      assertThatThrownBy(() -> stranger.nafKey(key.btid(), other)).hasMessageContaining("403");
    }
  }

  private Program.Result curl(String... words) throws IOException {
    Program.require("curl", "curl");
    var command = new ArrayList<>(List.of("curl", "-sSi", "--max-time", "60"));
    command.addAll(List.of("--cacert", rig.file("ca.pem").toString()));
    command.addAll(List.of(words));
    return Program.run("", command.toArray(String[]::new));
  }

  /// Row 22 of the threats.
  @Test
  void aHostHeaderChangesNothing() throws Exception {
    String name =
        "Authorization: Digest username=\"%s\", realm=\"bsf.example.org\", nonce=\"\", uri=\"/\", response=\"\""
            .formatted(BsfRig.ALICE);
    Program.Result answer =
        curl("-H", "Host: evil.example.org", "-H", name, BsfRig.url(server.ub()) + "/");
    assertThat(answer.said())
        .contains("HTTP/1.1 401", "realm=\"bsf.example.org\"")
        .doesNotContain("evil");
    assertThat(curl("-H", name.replace("bsf.ex", "evil.ex"), BsfRig.url(server.ub()) + "/").said())
        .contains("HTTP/1.1 400")
        .doesNotContain("WWW-Authenticate");
  }

  @Test
  void curlIsANaf() throws Exception {
    try (Usim usim = BsfRig.usim();
        BootstrappedKey key = bootstrap(usim)) {
      String json =
          "{\"btid\":\"%s\",\"nafFqdn\":\"kms.example.org\",\"uaProtocolId\":\"0100011301\"}"
              .formatted(key.btid());
      String[] asked = {
        "-H",
        "Content-Type: application/json",
        "--cert",
        rig.file("kms.pem").toString(),
        "--key",
        rig.file("kms-key.pem").toString(),
        "-d",
        json,
        BsfRig.url(server.zn()) + HttpZnClient.KEY_PATH
      };
      assertThat(curl(asked).said())
          .contains("HTTP/1.1 200", "\"impi\":\"alice@ims.example.org\"", "meKeyMaterial");
      asked[asked.length - 1] = BsfRig.url(server.ub()) + HttpZnClient.KEY_PATH;
      assertThat(curl(asked).said()).as("Ub knows nothing of Zn").contains("HTTP/1.1 404");
    }
  }

  /// Row 23 of the threats.
  @Test
  void followsASimThatIsAhead() throws Exception {
    try (Usim usim = BsfRig.usim(new BsfRig.Memory(1_000_000));
        BootstrappedKey key = bootstrap(usim)) {
      assertThat(key.impi()).isEqualTo(BsfRig.ALICE);
      assertThat(acts().getFirst()).isEqualTo("resynchronise " + BsfRig.ALICE + ": done");
    }
  }

  @Test
  void aStrangerIsToldNothing() throws Exception {
    try (Usim usim = BsfRig.usim();
        UbClient stranger = rig.ub(BsfRig.url(server.ub()), "eve@ims.example.org", usim)) {
      assertThatThrownBy(stranger::bootstrap)
          .isInstanceOf(BootstrapFailed.class)
          .hasMessageContaining("does not know the key of this SIM");
    }
  }

  /// A push makes the same key on both sides without Ub.
  @Test
  void pushesForTheNafsThatMay() throws Exception {
    try (HttpZnClient zn = rig.zn(server.zn(), "kms");
        var push =
            zn.push(BsfRig.ALICE_PUBLIC, new NafId(BsfRig.KMS, UaProtocol.HTTP_DIGEST))
                .orElseThrow()) {
      assertThat(push.gpi()).hasSizeLessThanOrEqualTo(140);
      assertThat(zn.push(new Identity("sip:eve@example.org"), NAF)).isEmpty();
      assertThat(acts()).hasSize(2).last().asString().contains("push", "refused: unknown");
    }
  }

  private HttpResponse<String> admin(String method, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.admin().getPort() + path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void anOperatorSeesAndRemoves() throws Exception {
    String alice = "/api/v1/subscribers/alice%40ims.example.org";
    try (Usim usim = BsfRig.usim();
        HttpZnClient zn = rig.zn(server.zn(), "kms");
        BootstrappedKey key = bootstrap(usim)) {
      assertThat(admin("GET", "/readyz").statusCode()).isEqualTo(200);
      assertThat(admin("GET", "/api/v1/subscribers").body()).contains("\"subscribers\":1");
      assertThat(admin("GET", "/api/v1/sessions").body()).contains("\"sessions\":1");
      assertThat(admin("GET", "/metrics").body())
          .contains(
              "parley_bsf_acts_total{act=\"bootstrap\",outcome=\"done\"} 1.0",
              "parley_https_connections_total{port=\"ub\"} 1.0",
              "parley_https_certificate_left_seconds{port=\"zn\"}",
              "parley_ready 1.0");
      zn.nafKey(key.btid(), NAF).orElseThrow().close();
      assertThat(admin("DELETE", alice + "/sessions").body()).contains("\"ended\":1");
      assertThat(zn.nafKey(key.btid(), NAF)).isEmpty();
      try (BootstrappedKey next = bootstrap(usim)) {
        assertThat(admin("DELETE", alice).body()).contains("removed");
        assertThat(zn.nafKey(next.btid(), NAF)).isEmpty();
      }
      assertThatThrownBy(() -> bootstrap(usim)).isInstanceOf(BootstrapFailed.class);
      assertThat(admin("DELETE", alice).statusCode()).isEqualTo(404);
      assertThat(acts())
          .contains(
              "remove subscriber %s: begun".formatted(BsfRig.ALICE),
              "remove subscriber %s: done".formatted(BsfRig.ALICE),
              "end sessions %s: done".formatted(BsfRig.ALICE));
    }
  }

  @Test
  void aKeyWhoseLifetimeIsOverIsGivenToNobody() throws Exception {
    try (Usim usim = BsfRig.usim();
        BootstrappedKey key = bootstrap(usim);
        HttpZnClient zn = rig.zn(server.zn(), "kms")) {
      now.set(now.get().plus(Duration.ofDays(1)).plusSeconds(1));
      assertThat(zn.nafKey(key.btid(), NAF)).isEmpty();
    }
  }

  @Test
  void isNotReadyWithACertificateThatIsOver() throws Exception {
    now.set(now.get().plus(Duration.ofDays(31)));
    assertThat(server.readiness().missing())
        .hasSize(2)
        .first()
        .asString()
        .contains("the certificate of ub expired at");
    assertThat(admin("GET", "/readyz").statusCode()).isEqualTo(503);
  }

  @Test
  void takesANewCertificateAndRefusesAWrongOne() throws Exception {
    var _ = rig.server("bsf", BsfRig.BSF.name(), Instant.now().plus(Duration.ofDays(7)));
    assertThat(server.reload(ConfigFile.readBsf(rig.file("bsf.yaml"))))
        .hasSize(2)
        .allMatch(change -> change.contains("a new certificate, until"));
    try (Usim usim = BsfRig.usim();
        BootstrappedKey key = bootstrap(usim)) {
      assertThat(key.impi()).isEqualTo(BsfRig.ALICE);
    }
    Files.copy(
        rig.file("kms-key.pem"), rig.file("bsf-key.pem"), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> server.reload(ConfigFile.readBsf(rig.file("bsf.yaml"))))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("ub.key");
    assertThat(server.reload(ConfigFile.readBsf(whole(rig.configure("lifetime: 2h")))))
        .anyMatch(change -> change.contains("they count after a restart"));
  }

  private Path whole(Path yaml) throws IOException {
    var _ = rig.server("bsf", BsfRig.BSF.name());
    return yaml;
  }

  @Test
  void refusesAVaultOfAnotherDatabase() throws Exception {
    server.close();
    try (VaultKey key = VaultKey.keyFile(rig.file("key"))) {
      Files.delete(rig.file("bsf.vault"));
      Files.delete(rig.file("bsf.vault.lock"));
      Vault.create(rig.file("bsf.vault"), key).close();
    }
    assertThatThrownBy(() -> started(rig.file("bsf.yaml")))
        .isInstanceOfSatisfying(
            StartRefused.class, e -> assertThat(e.kind()).isEqualTo(StartRefused.Kind.VAULT))
        .hasMessageContaining("use the vault that this database was begun with");
  }

  /// Nobody fills the disk by wrong answers, and what was left out is counted.
  @Test
  void notesSoManyRefusalsAndNoMore() throws Exception {
    try (HttpZnClient zn = rig.zn(server.zn(), "other");
        Usim usim = BsfRig.usim();
        BootstrappedKey key = bootstrap(usim)) {
      for (int i = 0; i < 70; i++) {
        assertThatThrownBy(() -> zn.nafKey(key.btid(), NAF)).isInstanceOf(IOException.class);
      }
      now.set(now.get().plusSeconds(2));
      assertThatThrownBy(() -> zn.nafKey(key.btid(), NAF)).isInstanceOf(IOException.class);
      List<String> refused = acts().stream().filter(act -> act.startsWith("key ")).toList();
      assertThat(refused).hasSize(61);
      assertThat(refused.getLast()).endsWith("refused: foreign name (and 10 others since)");
    }
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    Files.copy(rig.file("bsf.vault"), rig.file("second.vault"));
    BsfConfig config = ConfigFile.readBsf(rig.configure("second", server.ub().getPort(), 0, ""));
    try (VaultKey key = VaultKey.keyFile(rig.file("key"));
        Vault vault = Vault.open(config.vault().file(), key)) {
      assertThatThrownBy(
              () -> BsfServer.start(config, vault, "1", InstantSource.system(), BsfRig.RANDOM))
          .isInstanceOfSatisfying(
              StartRefused.class, e -> assertThat(e.kind()).isEqualTo(StartRefused.Kind.PORT))
          .hasMessageContaining("cannot be bound");
    }
  }
}
