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
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.gateway.bsf.BsfRig;
import parley.gateway.bsf.BsfServer;
import parley.keys.FreePort;
import parley.keys.audit.AuditReader;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.naf.PskIdentity;
import parley.keys.gba.ue.Bootstrap;
import parley.keys.gba.ue.SimCard;
import parley.keys.gba.ue.UaDigestClient;
import parley.keys.gba.ue.UaHttp;
import parley.keys.gba.ue.UaKeys;
import parley.keys.http.ClientTls;
import parley.keys.http.PskExchange;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.client.Provision;
import parley.keys.kms.message.TransportKeys;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A terminal that has nothing but its SIM gets its keys of a KMS, with a running BSF behind it,
/// both ways of TS 33.222.
class KmsGbaTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Instant YEAR_2100 = Instant.parse("2100-01-01T00:00:00Z");

  @TempDir Path folder;
  private KmsRig rig;
  private BsfServer bsf;
  private KmsAddress address;
  private KmsAddress pskAddress;
  private KmsRig.Running kms;
  private Vault terminal;
  private SimCard sim;
  private Bootstrap bootstrap;

  @BeforeEach
  void start() throws Exception {
    rig = new KmsRig(folder);
    bsf = rig.bsf("");
    int port = FreePort.tcp();
    int psk = FreePort.tcp();
    address = KmsRig.address(port);
    pskAddress = KmsRig.address(psk);
    kms = rig.start(rig.configure("kms", port, KmsRig.gba(bsf, psk)));
    kms.server().registry().users().add(ALICE, null);
    terminal = rig.sim(BsfRig.ALICE, bsf);
    sim = SimCard.open(terminal);
    bootstrap = sim.bootstrap(rig.files().tls(), BsfRig.PATIENCE, CLOCK, BsfRig.RANDOM);
  }

  @AfterEach
  void stop() {
    sim.close();
    terminal.close();
    kms.close();
    bsf.close();
  }

  private KeyProvisioning byDigest() {
    return KeyProvisioning.byGba(
        new UaHttp(
            URI.create(address.base()),
            BsfRig.KMS,
            UaKeys.of(bootstrap),
            rig.files().tls(),
            BsfRig.PATIENCE,
            BsfRig.RANDOM),
        BsfRig.KMS,
        new Asker(address, ALICE, PHONE, null, false),
        CLOCK);
  }

  private static HttpResponse<byte[]> post(
      HttpClient http, KmsConversation question, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(question.url()))
            .timeout(BsfRig.PATIENCE)
            .header("Content-Type", KmsRig.XML)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpClient http() {
    return ClientTls.http(rig.files().tls(), BsfRig.PATIENCE);
  }

  private KmsConversation init(KmsAddress at, TransportKeys keys) {
    return Asker.of(at, ALICE, PHONE, keys).init(CLOCK.instant());
  }

  private TransportKeys transportKeys() throws Exception {
    try (BootstrappedKey key = bootstrap.current();
        SecretBytes ksNaf = key.ksNaf(new NafId(BsfRig.KMS, UaProtocol.HTTP_DIGEST))) {
      return TransportKeys.derived(ksNaf, "trk.gba." + key.btid(), "ink.gba." + key.btid());
    }
  }

  /// Whoever proves nothing is told what is required, and by which name of the KMS.
  @Test
  void whoHasNothingIsToldThatBootstrappingIsRequired() throws Exception {
    try (HttpClient http = http();
        TransportKeys keys = transportKeys()) {
      KmsConversation question = init(address, keys);
      for (byte[] body : List.of(question.question(), new byte[0], "<x/>".getBytes(UTF_8))) {
        HttpResponse<byte[]> answer = post(http, question, body);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).isEmpty();
        String wanted = answer.headers().firstValue("www-authenticate").orElseThrow();
        assertThat(wanted)
            .contains("realm=\"3GPP-bootstrapping@kms.example.org\"", "qop=\"auth-int\"");
        assertThat(UaDigestClient.wantsBootstrapping(wanted)).contains(BsfRig.KMS);
      }
    }
    assertThat(kms.server().counters().keySets()).isZero();
  }

  @Test
  void aSimBringsKeysByDigest() throws Exception {
    try (KeyProvisioning client = byDigest()) {
      KmsCertificate certificate = client.certificate();
      assertThat(certificate).isEqualTo(rig.certificate());
      try (Provision got = client.keys(ALICE, certificate)) {
        assertThat(got.keys()).isNotEmpty();
        for (MemberKeys set : got.keys()) {
          Member.install(terminal, certificate, set);
        }
      }
    }
    Member.open(terminal, ALICE, CLOCK).close();
    assertThat(AuditReader.read(List.of(rig.file("kms.audit"))).lines())
        .anySatisfy(line -> {
          assertThat(line.actor()).isEqualTo("gba %s at 127.0.0.1".formatted(BsfRig.ALICE));
          assertThat(line.target()).startsWith("sip:alice@example.org, device phone-1, period");
          assertThat(line.outcome()).isEqualTo("given");
        });
  }

  /// A bootstrap that the BSF has forgotten is made again without help.
  @Test
  void aBootstrapThatEndedIsMadeAgain() throws Exception {
    String before;
    try (BootstrappedKey key = bootstrap.current()) {
      before = key.btid().toString();
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> ended =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:%d/api/v1/subscribers/%s/sessions"
                              .formatted(bsf.admin().getPort(), "alice%40ims.example.org")))
                  .DELETE()
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(ended.body()).contains("\"ended\":1");
    }
    try (KeyProvisioning client = byDigest()) {
      client.keys(ALICE, rig.certificate()).close();
    }
    try (BootstrappedKey key = bootstrap.current()) {
      assertThat(key.btid().toString()).isNotEqualTo(before);
    }
  }

  /// Row 20 of the threats: what was overheard is worth nothing, on its own connection or another.
  @Test
  void aCopyOfAnAuthorizationIsRefused() throws Exception {
    try (HttpClient own = http();
        HttpClient thief = http();
        TransportKeys keys = transportKeys()) {
      KmsConversation question = init(address, keys);
      byte[] body = question.question();
      String path = URI.create(question.url()).getRawPath();
      HttpResponse<byte[]> challenge = post(own, question, body);
      String authorization;
      try (UaDigestClient digest = digest(challenge)) {
        assertThat(digest.take(wanted(challenge))).isTrue();
        authorization = digest.authorize("POST", path, body).header();
        assertThat(post(own, question, body, "Authorization", authorization).statusCode())
            .isEqualTo(200);
      }
      assertThat(post(own, question, body, "Authorization", authorization).statusCode())
          .as("twice")
          .isEqualTo(401);
      HttpResponse<byte[]> copied = post(thief, question, body, "Authorization", authorization);
      assertThat(copied.statusCode()).as("on a new connection").isEqualTo(401);
      assertThat(copied.body()).isEmpty();
      try (UaDigestClient digest = digest(copied)) {
        assertThat(digest.take(wanted(copied))).isTrue();
        String good = digest.authorize("POST", path, body).header();
        assertThat(post(thief, question, body, "Authorization", good).statusCode())
            .as("who has the key is served there")
            .isEqualTo(200);
      }
    }
  }

  private static String wanted(HttpResponse<byte[]> challenge) {
    return challenge.headers().firstValue("www-authenticate").orElseThrow();
  }

  private UaDigestClient digest(HttpResponse<byte[]> response) throws Exception {
    String suite = response.sslSession().map(SSLSession::getCipherSuite).orElseThrow();
    try (BootstrappedKey key = bootstrap.current();
        SecretBytes ksNaf = key.ksNaf(new NafId(BsfRig.KMS, UaProtocol.tls(suite).orElseThrow()))) {
      return new UaDigestClient(key.btid(), BsfRig.KMS, ksNaf, BsfRig.RANDOM);
    }
  }

  private PskExchange exchange(BootstrappedKey key, SecretBytes key13) {
    return new PskExchange(
        PskIdentity.of(key.btid()),
        key13,
        _ -> {
          throw new AssertionError("TLS 1.3 was offered");
        },
        BsfRig.RANDOM,
        BsfRig.PATIENCE);
  }

  private KeyProvisioning over(PskExchange exchange, TransportKeys keys) {
    return KeyProvisioning.over(
        (url, body) -> {
          var answer = exchange.send("POST", url, Map.of("Content-Type", KmsRig.XML), body);
          return new KeyProvisioning.Answer(answer.reply().status(), answer.reply().body());
        },
        Asker.of(pskAddress, ALICE, PHONE, keys),
        CLOCK);
  }

  /// The same keys by the second port as by the first.
  @Test
  void aSimBringsKeysByAPreSharedKey() throws Exception {
    try (BootstrappedKey key = bootstrap.current();
        SecretBytes ksNaf = key.ksNaf(new NafId(BsfRig.KMS, UaProtocol.SHARED_KEY_TLS_13));
        TransportKeys keys = transportKeys();
        PskExchange exchange = exchange(key, ksNaf);
        KeyProvisioning client = over(exchange, keys);
        KeyProvisioning digest = byDigest()) {
      KmsCertificate certificate = client.certificate();
      try (Provision got = client.keys(ALICE, certificate);
          Provision other = digest.keys(ALICE, certificate)) {
        for (MemberKeys set : got.keys()) {
          Member.install(terminal, certificate, set);
        }
        assertThat(got.keys().getFirst().ssk()).isEqualTo(other.keys().getFirst().ssk());
      }
    }
    Member.open(terminal, ALICE, CLOCK).close();
  }

  @Test
  void aKeyForAnotherServerOpensNothing() throws Exception {
    try (BootstrappedKey key = bootstrap.current();
        SecretBytes other = key.ksNaf(new NafId(BsfRig.OTHER, UaProtocol.SHARED_KEY_TLS_13));
        TransportKeys keys = transportKeys();
        PskExchange exchange = exchange(key, other);
        KeyProvisioning client = over(exchange, keys)) {
      assertThatThrownBy(client::certificate).isInstanceOf(IOException.class);
    }
    assertThat(kms.server().counters().keySets()).isZero();
  }

  /// Rows 26 and 28 of the threats.
  @Test
  void nobodyHoardsAndWhoIsWithdrawnGetsNothing() throws Exception {
    try (BootstrappedKey key = bootstrap.current();
        SecretBytes ksNaf = key.ksNaf(new NafId(BsfRig.KMS, UaProtocol.SHARED_KEY_TLS_13));
        TransportKeys keys = transportKeys();
        PskExchange exchange = exchange(key, ksNaf);
        KeyProvisioning client = over(exchange, keys)) {
      assertThatThrownBy(() -> client.keys(ALICE, YEAR_2100, rig.certificate()))
          .isInstanceOf(KmsRefusal.class)
          .hasMessageContaining("is not open until 2099-12-25T00:00:00Z; ask then");
      client.keys(ALICE, rig.certificate()).close();
      assertThat(kms.server().registry().users().revoke(ALICE, "lost")).isTrue();
      assertThatThrownBy(() -> client.keys(ALICE, rig.certificate()))
          .isInstanceOf(KmsRefusal.class)
          .hasMessageContaining("the keys of sip:alice@example.org are withdrawn");
    }
  }

  private static String hex(BootstrappedKey key, UaProtocol ua) {
    try (SecretBytes ksNaf = key.ksNaf(new NafId(BsfRig.KMS, ua))) {
      return ksNaf.lend(SecretAccess.token(), octets -> HexFormat.of().formatHex(octets));
    }
  }

  /// A whole question by somebody else's TLS.
  @ParameterizedTest
  @CsvSource({
    "-tls1_2, -cipher, ECDHE-PSK-CHACHA20-POLY1305, ccac",
    "-tls1_2, -cipher, DHE-PSK-AES128-GCM-SHA256, aa",
    "-tls1_3, -ciphersuites, TLS_AES_128_GCM_SHA256, 0"
  })
  void opensslIsServedByKsNaf(String version, String option, String suites, String code)
      throws Exception {
    int suite = Integer.parseInt(code, 16);
    UaProtocol ua = suite == 0 ? UaProtocol.SHARED_KEY_TLS_13 : UaProtocol.tls(suite);
    try (BootstrappedKey key = bootstrap.current();
        TransportKeys keys = transportKeys()) {
      KmsConversation question = init(pskAddress, keys);
      String request = PskPeer.post("/init", new String(question.question(), UTF_8));
      assertThat(
              PskPeer.says(
                  pskAddress,
                  request,
                  PskIdentity.of(key.btid()),
                  hex(key, ua),
                  version,
                  option,
                  suites))
          .contains("HTTP/1.1 200 OK", "KmsInit", "<KmsUri>kms.example.org</KmsUri>");
    }
  }

  /// Rows 17 and 20 of the threats: nobody learns which B-TIDs there are.
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aWrongKeyAndAnUnknownNameLookAlike(String version) throws Exception {
    try (BootstrappedKey key = bootstrap.current()) {
      String wrong = hex(key, UaProtocol.HTTP_DIGEST);
      String unknown = PskIdentity.of(Tid.bootstrapped(new byte[16], BsfRig.BSF));
      String alert = alert(PskIdentity.of(key.btid()), wrong, version);
      assertThat(alert(unknown, wrong, version)).isEqualTo(alert);
      assertThat(alert("nobody", wrong, version)).isEqualTo(alert);
    }
  }

  private String alert(String identity, String key, String version) throws IOException {
    return PskPeer.alert(PskPeer.says(pskAddress, "", identity, key, version));
  }
}
