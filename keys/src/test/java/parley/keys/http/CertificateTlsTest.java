package parley.keys.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.keys.Program;

/// TLS by certificates, asked by the JDK's client and by curl.
class CertificateTlsTest {
  private final Instant now = Instant.now();
  private final Instant from = now.minusSeconds(3600);
  private final Instant until = now.plusSeconds(3600);
  private final SecureRandom random = new SecureRandom();
  private final LabAuthority servers = LabAuthority.create("servers", from, until, random);
  private final LabAuthority clients = LabAuthority.create("clients", from, until, random);

  @TempDir Path folder;
  private final AtomicReference<ServerTls> tls = new AtomicReference<>();
  private Path serverCa;
  private Path clientCa;
  private LabAuthority.Holder alice;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    serverCa = servers.write(folder.resolve("servers.pem"));
    clientCa = clients.write(folder.resolve("clients.pem"));
    alice =
        clients.issue(
            folder, "alice", List.of(LabAuthority.uri("sip:alice@example.org")), from, until);
    tls.set(files("server"));
    server =
        HttpsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            tls::get,
            HttpLimits.standard(),
            CertificateTlsTest::tell);
  }

  private ServerTls files(String name) throws Exception {
    LabAuthority.Holder holder =
        servers.issue(
            folder,
            name,
            List.of(
                LabAuthority.dns("localhost"),
                LabAuthority.address(InetAddress.getLoopbackAddress())),
            from,
            until);
    return ServerTls.load(holder.certificate(), holder.key(), clientCa, now);
  }

  private static Reply tell(Request request) {
    var certificate = request.certificate();
    return Reply.text(
        200,
        "%s %s %04x %s"
            .formatted(
                request.tls().protocol(),
                request.tls().cipherSuite(),
                request.tls().cipherSuiteCode(),
                certificate == null ? "nobody" : certificate.getSubjectX500Principal().getName()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private URI url() {
    return URI.create("https://localhost:" + server.local().getPort() + "/");
  }

  private String ask(HttpClient client) throws Exception {
    return client
        .send(HttpRequest.newBuilder(url()).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private HttpClient client(ClientTls.@Nullable Own own) throws Exception {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(ClientTls.load(serverCa, own))
        .sslParameters(ClientTls.parameters())
        .build();
  }

  @Test
  void knowsWhoShowsACertificate() throws Exception {
    try (HttpClient known = client(new ClientTls.Own(alice.certificate(), alice.key()));
        HttpClient unknown = client(null)) {
      assertThat(ask(known)).contains("TLSv1.3 TLS_AES_256_GCM_SHA384 1302 CN=alice");
      assertThat(ask(unknown)).contains("nobody");
    }
  }

  @Test
  void refusesACertificateOfAnotherAuthority() throws Exception {
    LabAuthority.Holder mallory = servers.issue(folder, "mallory", List.of(), from, until);
    Program.Result result =
        curl("--cert", mallory.certificate().toString(), "--key", mallory.key().toString());
    assertThat(result.exit()).as(result.said()).isNotZero();
    assertThat(server.counters().answers(2)).isZero();
  }

  @Test
  void isNotBelievedByWhoeverKnowsAnotherAuthority() throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(ClientTls.load(clientCa, null)).build()) {
      assertThatThrownBy(() -> ask(client)).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void newFilesServeTheNextConnection() throws Exception {
    tls.set(files("renewed"));
    try (HttpClient client = client(null)) {
      HttpResponse<String> response =
          client.send(HttpRequest.newBuilder(url()).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(response.sslSession().orElseThrow().getPeerPrincipal().getName())
          .isEqualTo("CN=renewed");
    }
  }

  private Program.Result curl(String... more) throws Exception {
    Program.require("curl", "curl");
    List<String> command =
        new ArrayList<>(List.of("curl", "-sS", "--cacert", serverCa.toString(), url().toString()));
    command.addAll(List.of(more));
    return Program.run("", command.toArray(String[]::new));
  }

  @Test
  void servesCurl() throws Exception {
    assertThat(
            curl(
                    "--cert",
                    alice.certificate().toString(),
                    "--key",
                    alice.key().toString(),
                    "--tls-max",
                    "1.2")
                .said())
        .contains("TLSv1.2 TLS_ECDHE_ECDSA_WITH_", "CN=alice");
    assertThat(curl().said()).contains("nobody");
  }

  /// Threats, row 24: nothing older, and nothing without ephemeral keys or authenticated
  /// encryption.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--tls-max 1.1 --ciphers ALL:@SECLEVEL=0",
        "--tls-max 1.2 --ciphers ECDHE-ECDSA-AES128-SHA256",
        "--tls-max 1.2 --ciphers AES128-GCM-SHA256"
      })
  void refusesWhatIsWeak(String options) throws Exception {
    assertThat(curl(options.split(" ")).exit()).isNotZero();
  }

  @Test
  void tellsWhatIsWrongWithItsFiles() throws Exception {
    LabAuthority.Holder old =
        servers.issue(folder, "old", List.of(), from.minusSeconds(60), now.minusSeconds(60));
    assertThatThrownBy(() -> ServerTls.load(old.certificate(), old.key(), null, now))
        .isInstanceOfSatisfying(
            TlsRefused.class,
            e -> {
              assertThat(e.setting()).isEqualTo("certificate");
              assertThat(e.sentence()).contains("expired at", "renew it");
            });
    assertThatThrownBy(() -> ServerTls.load(alice.certificate(), old.key(), null, now))
        .isInstanceOfSatisfying(TlsRefused.class, e -> assertThat(e.setting()).isEqualTo("key"));
  }
}
