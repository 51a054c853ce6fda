package parley.gateway.bsf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.gateway.config.ConfigFile;
import parley.keys.Program;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.hss.SubscriberFile;
import parley.keys.gba.naf.NafAuthenticator;
import parley.keys.gba.naf.NafKeys;
import parley.keys.gba.naf.NafOutcome;
import parley.keys.gba.naf.PskIdentity;
import parley.keys.gba.ue.Bootstrap;
import parley.keys.gba.ue.SimCard;
import parley.keys.gba.ue.SimProfile;
import parley.keys.gba.ue.UaHttp;
import parley.keys.gba.ue.UaKeys;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.http.HttpLimits;
import parley.keys.http.HttpsServer;
import parley.keys.http.PskExchange;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.ServerTls;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A server that takes bootstrapped keys, both ways of TS 33.222, with a running BSF behind it and
/// the SIM of a member's vault in front.
class UaTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Pattern ALERT = Pattern.compile("SSL alert number (\\d+)");
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path folder;
  private BsfRig rig;
  private BsfServer bsf;
  private Vault vault;
  private SimCard sim;
  private Bootstrap bootstrap;
  private HttpZnClient zn;
  private NafKeys keys;
  private NafAuthenticator naf;
  private HttpsServer server;
  private HttpsServer psk;

  @BeforeEach
  void start() throws Exception {
    rig = new BsfRig(folder);
    try (VaultKey key = VaultKey.keyFile(rig.file("key"))) {
      var config = ConfigFile.readBsf(rig.file("bsf.yaml"));
      try (Vault own = Vault.open(rig.file("bsf.vault"), key)) {
        try (BsfStore store = BsfStore.open(config, own, CLOCK, BsfRig.RANDOM)) {
          long _ = new SubscriberFile(rig.file("sims.csv")).importTo(store.hss(), (_, _) -> {});
        }
        bsf = BsfServer.start(config, own, "1", CLOCK, BsfRig.RANDOM);
      }
      vault = Vault.create(rig.file("alice.vault"), key);
    }
    try (SubscriberKey key = SubscriberKey.of(BsfRig.secret(BsfRig.K), BsfRig.secret(BsfRig.OPC))) {
      SimCard.load(vault, new SimProfile(BsfRig.ALICE, BsfRig.url(bsf.ub()), BsfRig.BSF), key);
    }
    sim = SimCard.open(vault);
    bootstrap = sim.bootstrap(rig.tls(), BsfRig.PATIENCE, CLOCK, BsfRig.RANDOM);
    serve();
  }

  private void serve() throws Exception {
    zn = rig.zn(bsf.zn(), "kms");
    keys = new NafKeys(BsfRig.KMS, zn, CLOCK, BsfRig.RANDOM);
    naf = new NafAuthenticator(keys, CLOCK, BsfRig.RANDOM);
    ServerTls tls =
        ServerTls.load(rig.file("kms.pem"), rig.file("kms-key.pem"), null, Instant.now());
    server = HttpsServer.start(ANY, () -> tls, HttpLimits.standard(), this::greet);
    psk =
        HttpsServer.start(
            ANY,
            (identity, suite) ->
                Optional.of(
                    keys.pskFor(
                        identity,
                        suite == 0 ? UaProtocol.SHARED_KEY_TLS_13 : UaProtocol.tls(suite))),
            Set.of(BsfRig.KMS.name(), "localhost"),
            BsfRig.RANDOM,
            HttpLimits.standard(),
            this::greet);
  }

  private Reply greet(Request request) throws IOException {
    return switch (naf.authenticate(request)) {
      case NafOutcome.Refused(Reply reply) -> reply;
      case NafOutcome.Authenticated who -> {
        try (who) {
          yield who.prove(Reply.text(200, "hello " + who.impi() + " " + who.identities()));
        }
      }
    };
  }

  @AfterEach
  void stop() {
    psk.close();
    server.close();
    naf.close();
    keys.close();
    zn.close();
    sim.close();
    vault.close();
    bsf.close();
  }

  @Test
  void digestInsideTlsByTheSim() throws Exception {
    try (UaHttp ua =
        new UaHttp(
            BsfRig.url(server.local()),
            BsfRig.KMS,
            UaKeys.of(bootstrap),
            rig.tls(),
            BsfRig.PATIENCE,
            BsfRig.RANDOM)) {
      for (int i = 0; i < 2; i++) {
        assertThat(new String(ua.send("GET", "/door", "", new byte[0], 4096).body(), UTF_8))
            .isEqualTo("hello alice@ims.example.org [sip:alice@example.org]\n");
      }
    }
  }

  /// Row 22 of the threats: the realm is of the configuration.
  @Test
  void aHostHeaderDoesNotChangeTheRealm() throws Exception {
    Program.require("curl", "curl");
    String said =
        Program.run(
                "",
                "curl",
                "-sSi",
                "--cacert",
                rig.file("ca.pem").toString(),
                "-H",
                "Host: evil.example.org",
                BsfRig.url(server.local()) + "/door")
            .said();
    assertThat(said)
        .contains("HTTP/1.1 401", "realm=\"3GPP-bootstrapping@kms.example.org\"")
        .doesNotContain("evil");
  }

  private PskExchange exchange(Tid tid, SecretBytes key13) {
    return new PskExchange(
        PskIdentity.of(tid),
        key13,
        suite -> {
          throw new AssertionError("TLS 1.3 was offered");
        },
        BsfRig.RANDOM,
        BsfRig.PATIENCE);
  }

  private String door(PskExchange exchange) throws Exception {
    URI url = URI.create("https://localhost:%d/door".formatted(psk.local().getPort()));
    PskExchange.Answer answer = exchange.send("GET", url, Map.of(), new byte[0]);
    return answer.reply().status() + " " + new String(answer.reply().body(), UTF_8);
  }

  @Test
  void aPreSharedKeyByOurOwnClient() throws Exception {
    try (BootstrappedKey key = bootstrap.current();
        SecretBytes ksNaf = key.ksNaf(new NafId(BsfRig.KMS, UaProtocol.SHARED_KEY_TLS_13));
        SecretBytes other = key.ksNaf(new NafId(BsfRig.OTHER, UaProtocol.SHARED_KEY_TLS_13));
        PskExchange good = exchange(key.btid(), ksNaf);
        PskExchange wrong = exchange(key.btid(), other)) {
      assertThat(door(good)).isEqualTo("200 hello alice@ims.example.org [sip:alice@example.org]\n");
      assertThatThrownBy(() -> door(wrong)).isInstanceOf(IOException.class);
    }
  }

  private Program.Result openssl(String identity, String key, String... more) throws IOException {
    Program.require("openssl", "openssl");
    List<String> command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + psk.local().getPort(),
                "-servername",
                BsfRig.KMS.name(),
                "-psk_identity",
                identity,
                "-psk",
                key,
                "-ign_eof"));
    command.addAll(List.of(more));
    return Program.run(
        "GET /door HTTP/1.1\r\nHost: kms.example.org\r\nConnection: close\r\n\r\n",
        command.toArray(String[]::new));
  }

  private static String hex(BootstrappedKey key, UaProtocol ua) {
    try (SecretBytes ksNaf = key.ksNaf(new NafId(BsfRig.KMS, ua))) {
      return ksNaf.lend(SecretAccess.token(), octets -> HexFormat.of().formatHex(octets));
    }
  }

  /// The key depends on the suite in TLS 1.2, and on none in TLS 1.3.
  @ParameterizedTest
  @CsvSource({
    "-tls1_2, -cipher, ECDHE-PSK-CHACHA20-POLY1305, ccac",
    "-tls1_2, -cipher, DHE-PSK-AES128-GCM-SHA256, aa",
    "-tls1_3, -ciphersuites, TLS_AES_128_GCM_SHA256, 0"
  })
  void aPreSharedKeyByOpenssl(String version, String option, String suites, String code)
      throws Exception {
    int suite = Integer.parseInt(code, 16);
    UaProtocol ua = suite == 0 ? UaProtocol.SHARED_KEY_TLS_13 : UaProtocol.tls(suite);
    try (BootstrappedKey key = bootstrap.current()) {
      String identity = PskIdentity.of(key.btid());
      assertThat(openssl(identity, hex(key, ua), version, option, suites).said())
          .contains("200 OK", "hello alice@ims.example.org");
    }
  }

  /// Rows 17 and 20 of the threats: nobody learns which B-TIDs there are.
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aWrongKeyAndAnUnknownNameLookAlike(String version) throws Exception {
    try (BootstrappedKey key = bootstrap.current()) {
      String wrong = hex(key, UaProtocol.HTTP_DIGEST);
      String known = PskIdentity.of(key.btid());
      String unknown = PskIdentity.of(Tid.bootstrapped(new byte[16], BsfRig.BSF));

      String alert = alert(openssl(known, wrong, version));
      assertThat(alert(openssl(unknown, wrong, version))).isEqualTo(alert);
      assertThat(alert(openssl("nobody", wrong, version))).isEqualTo(alert);
    }
    assertThat(psk.counters().answers(2)).isZero();
  }

  private static String alert(Program.Result result) {
    Matcher alert = ALERT.matcher(result.said());
    assertThat(alert.find()).as(result.said()).isTrue();
    return alert.group(1);
  }

  /// Row 24 of the threats: what is old or weak, on Ub and Zn.
  @ParameterizedTest
  @CsvSource({
    "-tls1, DEFAULT:@SECLEVEL=0",
    "-tls1_1, DEFAULT:@SECLEVEL=0",
    "-tls1_2, ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0",
    "-tls1_2, ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0",
    "-tls1_2, AES128-GCM-SHA256:@SECLEVEL=0",
    "-tls1_2, ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0",
    "-tls1_2, AECDH-AES128-SHA:@SECLEVEL=0",
    "-tls1_2, PSK-AES128-GCM-SHA256:@SECLEVEL=0"
  })
  void refusesWhatIsOldOrWeak(String version, String suites) throws Exception {
    for (InetSocketAddress port : List.of(bsf.ub(), bsf.zn())) {
      Program.Result result = scan(port, version, "-cipher", suites);
      assertThat(result.exit()).as(result.said()).isNotZero();
      assertThat(result.said()).contains("Cipher is (NONE)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-tls1_2, -cipher, ECDHE-ECDSA-AES128-GCM-SHA256",
    "-tls1_3, -ciphersuites, TLS_AES_128_GCM_SHA256"
  })
  void takesWhatIsGood(String version, String option, String suites) throws Exception {
    for (InetSocketAddress port : List.of(bsf.ub(), bsf.zn())) {
      Program.Result result = scan(port, version, option, suites);
      assertThat(result.said()).contains("Cipher is " + suites, "Verify return code: 0 (ok)");
    }
  }

  private Program.Result scan(InetSocketAddress port, String... more) throws IOException {
    Program.require("openssl", "openssl");
    List<String> command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + port.getPort(),
                "-CAfile",
                rig.file("ca.pem").toString()));
    command.addAll(List.of(more));
    return Program.run("", command.toArray(String[]::new));
  }
}
