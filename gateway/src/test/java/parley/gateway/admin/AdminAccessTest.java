package parley.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.config.AdminConfig;
import parley.gateway.config.ClientConfig;
import parley.gateway.config.Role;
import parley.gateway.config.TlsConfig;

/// Who is let in where everybody has to say who they are, over real TLS.
class AdminAccessTest {
  private static final String GROUPS = "/api/v1/groups";
  private static final String RELOAD = "/api/v1/reload";

  @TempDir Path folder;

  private TestAuthority servers;
  private TestAuthority clients;
  private TestAuthority.Holder server;
  private String reader;
  private String operator;
  private Path tokens;

  @BeforeEach
  void provision() throws Exception {
    servers = new TestAuthority(folder, "servers");
    clients = new TestAuthority(folder, "clients");
    server = servers.issue("gateway");
    tokens = folder.resolve("tokens");
    reader = AccessToken.draw(new SecureRandom());
    operator = AccessToken.draw(new SecureRandom());
    writeTokens(
        AccessToken.of("prometheus", Role.READ, reader),
        AccessToken.of("ops", Role.OPERATE, operator));
  }

  private void writeTokens(AccessToken... wanted) throws IOException {
    StringBuilder text = new StringBuilder("# who may ask\n\n");
    for (AccessToken token : wanted) {
      text.append(token.line()).append('\n');
    }
    Files.writeString(tokens, text);
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
  }

  private AdminConfig config() {
    return config(new TlsConfig(server.certificate(), server.key(), clients.certificate()));
  }

  private AdminConfig config(@Nullable TlsConfig tls) {
    return new AdminConfig(
        AdminRig.ANY_PORT,
        tls,
        tokens,
        tls == null
            ? List.of()
            : List.of(
                new ClientConfig("OPS.example.org", Role.OPERATE),
                new ClientConfig("view.example.org", Role.READ)),
        false);
  }

  private SSLContext tls(TestAuthority.@Nullable Holder client) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", TestAuthority.read(servers.certificate()));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] keys = client == null ? null : new KeyManager[] {new Insistent(client)};
    context.init(keys, trust.getTrustManagers(), null);
    return context;
  }

  /// Shows its certificate to whoever asks, also where the server believes other authorities.
  private static final class Insistent extends X509ExtendedKeyManager {
    private final TestAuthority.Holder holder;

    Insistent(TestAuthority.Holder holder) {
      this.holder = holder;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {"own"};
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
      return "own";
    }

    @Override
    public String chooseEngineClientAlias(
        String[] keyTypes, Principal[] issuers, SSLEngine engine) {
      return "own";
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {TestAuthority.read(holder.certificate())};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return TestAuthority.key(holder);
    }
  }

  private HttpResponse<String> ask(
      AdminRig rig,
      TestAuthority.@Nullable Holder client,
      @Nullable String token,
      String method,
      String path)
      throws Exception {
    try (HttpClient http = HttpClient.newBuilder().sslContext(tls(client)).build()) {
      URI uri = URI.create("https://127.0.0.1:" + rig.port() + path);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
      if (token != null) {
        request.header("Authorization", "Bearer " + token);
      }
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    }
  }

  private int status(
      AdminRig rig,
      TestAuthority.@Nullable Holder client,
      @Nullable String token,
      String method,
      String path)
      throws Exception {
    return ask(rig, client, token, method, path).statusCode();
  }

  @Test
  void aTokenOpensWhatItsRoleCovers() throws Exception {
    try (AdminRig rig = AdminRig.of(config())) {
      assertThat(status(rig, null, reader, "GET", GROUPS)).isEqualTo(200);
      assertThat(status(rig, null, reader, "GET", "/metrics")).isEqualTo(200);
      assertThat(status(rig, null, reader, "POST", RELOAD)).isEqualTo(403);
      assertThat(rig.control.done).isEmpty();
      assertThat(status(rig, null, operator, "POST", RELOAD)).isEqualTo(200);
      assertThat(status(rig, null, operator, "GET", GROUPS)).isEqualTo(200);
      assertThat(rig.audit.lines)
          .containsExactly(
              "token prometheus | authenticate | POST /api/v1/reload | refused: token prometheus"
                  + " has the role read; this needs operate",
              "token ops | reload |  | begun",
              "token ops | reload |  | done");
    }
  }

  @Test
  void nobodyElseIsLetIn() throws Exception {
    try (AdminRig rig = AdminRig.of(config())) {
      HttpResponse<String> nobody = ask(rig, null, null, "POST", RELOAD);
      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(nobody.headers().firstValue("www-authenticate"))
          .contains("Bearer realm=\"parley\"");
      assertThat(status(rig, null, null, "GET", "/metrics")).isEqualTo(401);
      assertThat(status(rig, null, null, "GET", GROUPS)).isEqualTo(401);
      for (String wrong :
          List.of(
              operator.substring(1),
              operator + "x",
              operator.toUpperCase(Locale.ROOT),
              AccessToken.of("ops", Role.OPERATE, operator).sha256(),
              "x")) {
        HttpResponse<String> answer = ask(rig, null, wrong, "POST", RELOAD);
        assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
        assertThat(answer.body()).doesNotContain(wrong.length() > 1 ? wrong : "parley_");
      }
      assertThat(status(rig, null, null, "GET", "/healthz")).as("open").isEqualTo(200);
      assertThat(status(rig, null, null, "GET", "/readyz")).as("open").isEqualTo(200);
      assertThat(rig.control.done).isEmpty();
      assertThat(String.join("\n", rig.audit.lines))
          .contains("unknown at 127.0.0.1 | authenticate | POST /api/v1/reload | refused: ")
          .doesNotContain(operator.substring(8));
    }
  }

  @Test
  void metricsAreOpenWhereTheConfigurationSaysSo() throws Exception {
    AdminConfig closed = config();
    AdminConfig open =
        new AdminConfig(closed.listen(), closed.tls(), closed.tokens(), closed.clients(), true);
    try (AdminRig rig = AdminRig.of(open)) {
      assertThat(status(rig, null, null, "GET", "/metrics")).isEqualTo(200);
      assertThat(status(rig, null, null, "GET", GROUPS)).isEqualTo(401);
      assertThat(ask(rig, null, null, "GET", "/metrics").body())
          .containsPattern("parley_admin_certificate_left_seconds 25\\d{5}\\.");
    }
  }

  @Test
  void aCertificateOpensWhatItsNameMayDo() throws Exception {
    TestAuthority.Holder ops = clients.issue("ops.example.org");
    TestAuthority.Holder view = clients.issue("view.example.org");
    TestAuthority.Holder other = clients.issue("other.example.org");
    try (AdminRig rig = AdminRig.of(config())) {
      assertThat(status(rig, ops, null, "POST", RELOAD)).isEqualTo(200);
      assertThat(status(rig, view, null, "GET", GROUPS)).isEqualTo(200);
      assertThat(status(rig, view, null, "POST", RELOAD)).isEqualTo(403);
      assertThat(status(rig, other, null, "GET", GROUPS)).isEqualTo(403);
      assertThat(status(rig, ops, "wrong", "POST", RELOAD))
          .as("a wrong token is not made good by a certificate")
          .isEqualTo(401);
      assertThat(rig.control.done).containsExactly("reload");
      assertThat(rig.audit.lines)
          .contains("certificate OPS.example.org | reload |  | done")
          .anyMatch(line -> line.startsWith("certificate CN=other.example.org | authenticate"));
    }
  }

  @Test
  void aStrangersCertificateAndAnExpiredOneAreRefusedByTls() throws Exception {
    TestAuthority strangers = new TestAuthority(folder, "strangers");
    Instant now = Instant.now();
    TestAuthority.Holder expired =
        clients.issue(
            "ops.example.org", now.minus(Duration.ofDays(9)), now.minus(Duration.ofHours(1)));
    TestAuthority.Holder stranger = strangers.issue("ops.example.org");
    try (AdminRig rig = AdminRig.of(config())) {
      assertThatThrownBy(() -> ask(rig, stranger, null, "POST", RELOAD))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> ask(rig, expired, null, "POST", RELOAD))
          .isInstanceOf(IOException.class);
      await(() -> rig.audit.lines.size() == 2);
      assertThat(rig.audit.lines)
          .allMatch(line -> line.contains("authenticate |  | refused: the client's certificate"));
      assertThat(rig.control.done).isEmpty();
      assertThat(ask(rig, null, reader, "GET", "/metrics").body())
          .contains("parley_admin_refused_total{reason=\"handshake\"} 2.0");
    }
  }

  private static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within 30 s").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Test
  void speaksNoOldTlsAndNoHttpInClear() throws Exception {
    try (AdminRig rig = AdminRig.of(config())) {
      for (String old : List.of("TLSv1", "TLSv1.1")) {
        assertThatThrownBy(() -> handshake(rig, old, null)).isInstanceOf(IOException.class);
      }
      assertThat(handshake(rig, "TLSv1.2", null)).contains("_GCM_");
      assertThat(handshake(rig, "TLSv1.3", null)).contains("_GCM_");
      assertThatThrownBy(() -> handshake(rig, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"))
          .isInstanceOf(IOException.class);
      assertThat(rig.raw("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")).doesNotContain("200 OK");
    }
  }

  private String handshake(AdminRig rig, String protocol, @Nullable String cipher)
      throws Exception {
    try (SSLSocket socket =
        (SSLSocket) tls(null).getSocketFactory().createSocket("127.0.0.1", rig.port())) {
      socket.setSoTimeout(30_000);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {protocol});
      if (cipher != null) {
        parameters.setCipherSuites(new String[] {cipher});
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getSession().getCipherSuite();
    }
  }

  @Test
  void aReloadTakesAccessAwayFromConnectionsThatStand() throws Exception {
    try (AdminRig rig = AdminRig.of(config());
        HttpClient http = HttpClient.newBuilder().sslContext(tls(null)).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + rig.port() + GROUPS))
              .header("Authorization", "Bearer " + operator)
              .build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
      writeTokens(AccessToken.of("prometheus", Role.READ, reader));
      server = servers.issue("renewed");

      List<String> changes = rig.access.prepare(config()).commit();

      assertThat(changes).containsExactly("token ops removed", "admin: settings changed");
      assertThat(status(rig, null, operator, "GET", GROUPS)).isEqualTo(401);
      assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(401);
      assertThat(status(rig, null, reader, "GET", GROUPS)).isEqualTo(200);
    }
  }

  @Test
  void aRenewalThatIsWrongChangesNothing() throws Exception {
    AdminConfig good = config();
    LiveAccess access = LiveAccess.open(good, Instant::now);
    AdminAccess before = access.present();
    Files.writeString(tokens, "ops operate 1234\n");

    assertThatThrownBy(() -> access.prepare(good))
        .hasMessageContaining("admin.tokens: ")
        .hasMessageContaining("tokens line 1 is no token");
    assertThatThrownBy(() ->
            access.prepare(
                AdminConfig.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1))))
        .hasMessageStartingWith("admin.listen: cannot change");
    assertThat(access.present()).isSameAs(before);
  }

  @Test
  void namesTheFileThatCannotBeUsed() throws Exception {
    Instant now = Instant.now();
    Path certificate = server.certificate();
    TestAuthority.Holder expired =
        servers.issue("old", now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)));
    TestAuthority.Holder future =
        servers.issue("new", now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(9)));
    Path rubbish = Files.writeString(folder.resolve("rubbish.pem"), "rubbish");
    Path locked =
        Files.writeString(
            folder.resolve("locked.pem"),
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");

    refused(expired.certificate(), expired.key(), null, "admin.tls.certificate: ", "expired at");
    refused(
        future.certificate(), future.key(), null, "admin.tls.certificate: ", "not valid before");
    refused(rubbish, server.key(), null, "admin.tls.certificate: ", "no certificate");
    refused(
        folder.resolve("none"), server.key(), null, "admin.tls.certificate: ", "cannot be read");
    refused(certificate, rubbish, null, "admin.tls.key: ", "no private key");
    refused(certificate, locked, null, "admin.tls.key: ", "locked by a passphrase");
    refused(certificate, expired.key(), null, "admin.tls.key: ", "not the key of the certificate");
    refused(certificate, server.key(), rubbish, "admin.tls.client-ca: ", "no certificate");
  }

  private void refused(Path certificate, Path key, @Nullable Path ca, String setting, String says) {
    AdminConfig config = config(new TlsConfig(certificate, key, ca));

    assertThatThrownBy(() -> AdminAccess.load(config, Instant.now()))
        .isInstanceOf(AccessRefused.class)
        .hasMessageStartingWith(setting)
        .hasMessageContaining(says)
        .hasMessageNotContaining("Exception");
  }

  @Test
  void tokensThatOthersCanReadAreRefused() throws Exception {
    for (String mode : List.of("rw-r--r--", "rw----r--", "rw--w----", "rw-----w-")) {
      Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString(mode));

      assertThatThrownBy(() -> TokensFile.read(tokens))
          .as(mode)
          .hasMessageContaining("chmod 600 " + tokens);
    }
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(TokensFile.read(tokens).tokens()).hasSize(2);
    writeTokens(
        AccessToken.of("ops", Role.READ, reader), AccessToken.of("ops", Role.READ, operator));
    assertThatThrownBy(() -> TokensFile.read(tokens)).hasMessageContaining("ops is there twice");
  }

  @Test
  void tokensCanBeAskedForOnLoopbackToo() throws Exception {
    try (AdminRig rig = AdminRig.of(config(null))) {
      assertThat(rig.ask("GET", GROUPS).statusCode()).isEqualTo(401);
      assertThat(rig.ask("POST", RELOAD, "authorization", "Bearer " + operator).statusCode())
          .isEqualTo(200);
      assertThat(
              rig.ask(
                      "POST",
                      RELOAD,
                      "authorization",
                      "Bearer " + operator,
                      "origin",
                      "https://evil.example")
                  .statusCode())
          .isEqualTo(403);
    }
  }
}
