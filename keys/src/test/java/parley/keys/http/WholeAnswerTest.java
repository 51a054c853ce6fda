package parley.keys.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Servers that answer, that say too much, and that never come to an end.
class WholeAnswerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;
  private HttpClient http;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/whole",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("whole".getBytes(UTF_8));
          }
        });
    server.createContext(
        "/drips",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write('w');
            exchange.getResponseBody().flush();
            over.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    http = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    over.countDown();
    http.close();
    server.stop(0);
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path)))
        .build();
  }

  @Test
  void bringsWhatCameInTime() throws Exception {
    assertThat(WholeAnswer.of(http, request("/whole"), 5, LONG).body())
        .isEqualTo("whole".getBytes(UTF_8));
  }

  @Test
  void takesNoMoreThanItWasToldTo() {
    assertThatThrownBy(() -> WholeAnswer.of(http, request("/whole"), 4, LONG))
        .isInstanceOf(IOException.class);
  }

  @Test
  void endsABodyThatDrips() {
    assertThatThrownBy(() -> WholeAnswer.of(http, request("/drips"), 5, Duration.ofSeconds(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no whole answer from 127.0.0.1");
  }
}
