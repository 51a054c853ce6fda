package parley.keys.gba.digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.keys.Secrets;
import parley.keys.gba.digest.DigestCredentials.Freshness;
import parley.mikey.secret.SecretBytes;

/// curl as a Digest client against our half of the server.
class CurlDigestTest {
  private static final String NAME = "I1U8vpY3qJ0hiuZNrke/NQ==@bsf.home1.net";
  private static final String PASSWORD = "uVpHrZUw+6SpgjFsLiEkmP6yX6j04grsgG0KBTlLOwQ=";

  private final AtomicReference<DigestCredentials> received = new AtomicReference<>();
  private HttpServer server;
  private Qop offered = Qop.AUTH;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @EnumSource(Qop.class)
  void findsTheSameDigest(Qop qop) throws Exception {
    offered = qop;
    assertThat(curl(NAME + ":" + PASSWORD)).isEqualTo("200");
    DigestCredentials credentials = received.get();
    assertThat(credentials.username()).isEqualTo(NAME);
    assertThat(credentials.freshness()).extracting(Freshness::qop).isEqualTo(qop);
    assertThat(credentials.realm()).isEqualTo("3GPP-bootstrapping@kms.home1.net");
  }

  @Test
  void findsAnotherForAnotherPassword() throws Exception {
    assertThat(curl(NAME + ":x" + PASSWORD)).isEqualTo("401");
  }

  private String curl(String user) throws Exception {
    String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/a/b?c=d";
    String[] command = {
      "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--digest", "-u", user, address
    };
    try {
      Process curl = new ProcessBuilder(command).start();
      String said = new String(curl.getInputStream().readAllBytes(), UTF_8);
      assertThat(curl.waitFor()).isZero();
      return said;
    } catch (IOException _) {
      String message = "SKIPPED: curl is not installed";
      System.err.println(message);
      assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
      return Assumptions.abort(message);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange;
        SecretBytes password = Secrets.of(PASSWORD)) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(status(exchange, password, body), -1);
    }
  }

  private int status(HttpExchange exchange, SecretBytes password, byte[] body) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null) {
      var challenge =
          new DigestChallenge(
              "3GPP-bootstrapping@kms.home1.net",
              "bm9uY2U=",
              DigestAlgorithm.MD5,
              Set.of(offered),
              "op\\aque\"",
              false);
      exchange.getResponseHeaders().set("WWW-Authenticate", challenge.header());
      return 401;
    }
    try {
      var credentials = DigestCredentials.parse(header);
      received.set(credentials);
      return credentials.isProvedBy(password, exchange.getRequestMethod(), body) ? 200 : 401;
    } catch (MalformedDigest e) {
      return 400;
    }
  }
}
