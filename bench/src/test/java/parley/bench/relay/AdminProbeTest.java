package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How long answers take, told without leaving out what a slow answer keeps waiting.
class AdminProbeTest {
  private static final int STALL_MILLIS = 300;

  private HttpServer server;
  private final CountDownLatch asked = new CountDownLatch(3);

  @BeforeEach
  void open() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private AdminProbe probe(int status, int firstMillis) {
    server.createContext(
        "/healthz",
        exchange -> {
          boolean isFirst = asked.getCount() == 3;
          asked.countDown();
          if (isFirst && firstMillis > 0) {
            try {
              Thread.sleep(firstMillis); // the server that is slow, not a wait of the test's
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    return new AdminProbe(server.getAddress().getPort(), List.of("/healthz"));
  }

  @Test
  void asksUntilTheWorkIsDoneAndGivesWhatItBrought() throws Exception {
    AdminProbe probe = probe(200, 0);
    assertThat(probe.hasAsked()).isFalse();
    assertThat(
            probe.during(() -> {
              asked.await();
              return 7;
            }))
        .isEqualTo(7);
    assertThat(probe.hasAsked()).isTrue();
    assertThat(probe.told()).startsWith("/healthz p50 ").doesNotContain("without an answer");
  }

  @Test
  void whatWaitsBehindASlowAnswerCounts() throws Exception {
    AdminProbe probe = probe(200, STALL_MILLIS);
    var _ =
        probe.during(() -> {
          asked.await();
          return "";
        });
    assertThat(probe.slowerThanMillis(STALL_MILLIS / 2))
        .as("the slow one, and those that were due while it was")
        .isGreaterThan(1);
  }

  @Test
  void saysWhatWasNotAnswered() throws Exception {
    AdminProbe probe = probe(503, 0);
    var _ =
        probe.during(() -> {
          asked.await();
          return "";
        });
    assertThat(probe.told()).contains("without an answer");
  }
}
