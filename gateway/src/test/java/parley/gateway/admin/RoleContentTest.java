package parley.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.gateway.config.AdminConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The admin server of a role that is no gateway.
class RoleContentTest {
  private final AtomicReference<Readiness> readiness = new AtomicReference<>(Readiness.READY);
  private final List<String> notes = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile boolean isFull;
  private AdminServer server;

  @BeforeEach
  void start() throws Exception {
    var config = AdminConfig.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    LiveAccess access = LiveAccess.open(config, InstantSource.system());
    var role =
        new RoleContent(
                "kms",
                "1.2.3",
                readiness::get,
                registry -> Gauge.builder("parley.kms.users", () -> 7).register(registry),
                access,
                this::note,
                InstantSource.system())
            .view("/users/{id}", segments -> Map.of("user", segments.getFirst()))
            .act("DELETE", "/users/{id}", "revoke", (_, segments) -> revoke(segments.getFirst()));
    server = AdminServer.start(access, role);
  }

  private void note(String actor, String act, String target, String outcome) {
    if (isFull) {
      throw new UncheckedIOException(new IOException("the disk is full"));
    }
    notes.add("%s %s %s: %s".formatted(actor, act, target, outcome));
  }

  private static Map<String, ?> revoke(String who) throws ControlRefused {
    if (!who.equals("sip:alice@example.org")) {
      throw new ControlRefused(ControlRefused.Kind.UNKNOWN, who + " is no user");
    }
    return Map.of("revoked", who);
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.local().getPort() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void tellsHealthReadinessAndMeters() throws Exception {
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
    assertThat(ask("GET", "/readyz").body()).contains("\"ready\":true");
    readiness.set(new Readiness(List.of("the issuer does not answer")));
    HttpResponse<String> waiting = ask("GET", "/readyz");
    assertThat(waiting.statusCode()).isEqualTo(503);
    assertThat(waiting.body()).contains("the issuer does not answer");
    assertThat(ask("GET", "/metrics").body())
        .contains("parley_kms_users 7", "parley_admin_refused_total", "jvm_memory_used_bytes");
  }

  @Test
  void showsAndDoesWhatTheRoleOffers() throws Exception {
    assertThat(ask("GET", "/api/v1/version").body()).contains("\"role\":\"kms\"", "1.2.3");
    assertThat(ask("GET", "/api/v1/users/sip%3Aalice%40example.org").body())
        .contains("sip:alice@example.org");
    assertThat(ask("DELETE", "/api/v1/users/sip%3Aalice%40example.org").body()).contains("revoked");
    assertThat(notes)
        .containsExactly(
            "loopback revoke sip:alice@example.org: begun",
            "loopback revoke sip:alice@example.org: done");
  }

  @Test
  void notesWhatItDoesNotDo() throws Exception {
    assertThat(ask("DELETE", "/api/v1/users/sip%3Aeve%40example.org").statusCode()).isEqualTo(404);
    assertThat(notes)
        .containsExactly(
            "loopback revoke sip:eve@example.org: begun",
            "loopback revoke sip:eve@example.org: refused: sip:eve@example.org is no user");
  }

  @Test
  void doesNothingThatCannotBeNoted() throws Exception {
    isFull = true;
    HttpResponse<String> answer = ask("DELETE", "/api/v1/users/sip%3Aalice%40example.org");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("the disk is full").doesNotContain("revoked\"");
  }

  @Test
  void describesItself() throws Exception {
    JsonNode whole = JsonMapper.shared().readTree(ask("GET", "/api/v1/openapi.json").body());
    assertThat(whole.required("openapi").asString()).isEqualTo("3.1.0");
    JsonNode path = whole.required("paths").required("/users/{id}");
    assertThat(path.required("get").required("description").asString()).isEqualTo("Role: read.");
    assertThat(path.required("delete").required("responses").has("404")).isTrue();
    assertThat(path.required("delete").required("parameters").get(0).required("name").asString())
        .isEqualTo("id");
  }
}
