package parley.gateway.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.PortUnavailable;
import parley.mikey.group.Refusal;
import parley.mikey.identity.Identity;

/// Talks to the admin server over a real socket.
class AdminServerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final KnownStatus status = new KnownStatus();
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void start() throws PortUnavailable {
    server = AdminServer.start(ANY_PORT, status, InstantSource.fixed(NOW));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void isHealthyWhileItAnswers() throws Exception {
    HttpResponse<String> answer = ask("GET", "/healthz");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}\n");
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
  }

  @Test
  void isReadyOnlyWhenNothingIsMissing() throws Exception {
    assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(200);

    status.readiness = new Readiness(List.of("sip:fire@example.org has no GMK"));

    HttpResponse<String> answer = ask("GET", "/readyz?verbose");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo("{\"ready\":false,\"missing\":[\"sip:fire@example.org has no GMK\"]}\n");
  }

  @Test
  void showsCountersByGroupAndReason() throws Exception {
    String metrics = ask("GET", "/metrics").body();

    assertThat(metrics)
        .contains("parley_ready 1.0")
        .contains("parley_talkers{group=\"sip:fire@example.org\"} 2.0")
        .contains("parley_bursts{group=\"sip:fire@example.org\"} 3.0")
        .contains("parley_announcements_accepted_total{group=\"sip:fire@example.org\"} 7.0")
        .contains(
            "parley_announcements_refused_total{group=\"sip:fire@example.org\",reason=\"bad_mac\"}"
                + " 5.0")
        .contains(
            "parley_packets_dropped_total{group=\"sip:fire@example.org\",reason=\"bad_tag\"} 0.0")
        .contains("parley_gmk_age_seconds{group=\"sip:fire@example.org\"} 3600.0")
        .contains("parley_gmk_left_seconds{group=\"sip:fire@example.org\"} +Inf")
        .contains("parley_recorder_queued_octets 4.0")
        .contains("parley_recorder_lost_total 9.0")
        .contains("parley_recorder_failing 2.0")
        .contains("parley_recorder_disk_errors_total 7.0")
        .contains("parley_recorder_abandoned_total 1.0")
        .contains("parley_recorder_continued_total 5.0")
        .contains("parley_recorder_waiting_seconds 1.5")
        .contains("parley_record_disk_free_octets 4096.0")
        .contains("parley_record_disk_warn_octets 8192.0")
        .contains("parley_clock_offset_seconds -0.25")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void showsTheStateOfEachScrapeNotOfTheStart() throws Exception {
    ask("GET", "/metrics");
    status.talkers = 11;

    assertThat(ask("GET", "/metrics").body())
        .contains("parley_talkers{group=\"sip:fire@example.org\"} 11.0");
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    HttpResponse<String> answer = ask("HEAD", "/healthz");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-length")).contains("16");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void refusesEveryMethodThatCouldChangeSomething() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
      HttpResponse<String> answer = ask(method, "/metrics");

      assertThat(answer.statusCode()).as(method).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
      assertThat(answer.body()).contains("\"error\":\"method_not_allowed\"");
    }
  }

  @Test
  void saysWhatThereIsWhenAskedForSomethingElse() throws Exception {
    HttpResponse<String> answer = ask("GET", "/../etc/passwd");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("\"error\":\"not_found\"").contains("/readyz");
  }

  @Test
  void refusesWhatIsNoHttp() throws Exception {
    assertThat(raw("\0\0\0\0 rubbish\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(raw("GET /" + "a".repeat(4000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 414 ");
    assertThat(raw("GET / HTTP/1.1\r\nx: " + "a".repeat(9000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(raw("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789"))
        .startsWith("HTTP/1.1 413 ");
    assertThat(ask("GET", "/healthz").statusCode()).as("goes on afterwards").isEqualTo(200);
  }

  @Test
  void tellsThatItsPortIsTaken() {
    assertThatThrownBy(() -> AdminServer.start(server.local(), status, InstantSource.system()))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageContaining("admin.listen 127.0.0.1:" + server.local().getPort());
  }

  @Test
  void hidesWhyAPageFailed() throws Exception {
    status.broken = true;

    HttpResponse<String> answer = ask("GET", "/readyz");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("a fault of the gateway");
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.local().getPort() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private String raw(String request) throws IOException {
    try (var socket = new Socket(server.local().getAddress(), server.local().getPort())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private static final class KnownStatus implements GatewayStatus {
    private Readiness readiness = Readiness.READY;
    private boolean broken;
    private int talkers = 2;

    @Override
    public Readiness readiness() {
      if (broken) {
        throw new IllegalStateException("a fault of the gateway");
      }
      return readiness;
    }

    @Override
    public List<GroupStatus> groups() {
      return List.of(
          new GroupStatus(
              new Identity("sip:fire@example.org"),
              talkers,
              3,
              new GroupCounters(),
              7,
              Map.of(Refusal.BAD_MAC, 5L),
              new GmkStatus(0x0123_4567, NOW.minusSeconds(3600), Instant.MAX)));
    }

    @Override
    public RecorderStatus recorder() {
      return new RecorderStatus(4, 100, 9, 3, 2, 7, 1, 5, 1_500_000_000, 4096, 8192);
    }

    @Override
    public Duration clockOffset() {
      return Duration.ofMillis(-250);
    }
  }
}
