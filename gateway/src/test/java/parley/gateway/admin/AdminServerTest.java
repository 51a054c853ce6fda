package parley.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.gateway.config.AdminConfig;
import parley.gateway.media.PortUnavailable;

/// Talks to the admin server over a real socket.
class AdminServerTest {
  private AdminRig rig;

  @BeforeEach
  void start() throws Exception {
    rig = AdminRig.open();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void isHealthyWhileItAnswers() throws Exception {
    HttpResponse<String> answer = rig.ask("GET", "/healthz");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}\n");
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
  }

  @Test
  void isReadyOnlyWhenNothingIsMissing() throws Exception {
    assertThat(rig.ask("GET", "/readyz").statusCode()).isEqualTo(200);

    rig.status.readiness = new Readiness(List.of("sip:fire@example.org has no GMK"));

    HttpResponse<String> answer = rig.ask("GET", "/readyz?verbose");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo("{\"ready\":false,\"missing\":[\"sip:fire@example.org has no GMK\"]}\n");
  }

  @Test
  void showsCountersByGroupAndReason() throws Exception {
    String metrics = rig.ask("GET", "/metrics").body();

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
        .contains(
            "parley_manager_asked_total{asked=\"gmk\",group=\"sip:fire@example.org\","
                + "outcome=\"answered\"} 9.0")
        .contains(
            "parley_manager_asked_total{asked=\"gmk\",group=\"sip:fire@example.org\","
                + "outcome=\"failed\"} 1.0")
        .contains("parley_members_left_seconds{group=\"sip:fire@example.org\"} 7200.0")
        .contains("parley_gmk_messages_total{outcome=\"accepted\"} 0.0")
        .contains("parley_gmk_messages_refused_total{reason=\"bad_signature\"} 0.0")
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
        .contains("parley_clock_synchronised 0.0")
        .contains("parley_mikey_http_total{outcome=\"wrong_type\"} 0.0")
        .contains("parley_srtp_engine{engine=\"native:vaes\"} 1.0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void showsLatenciesAsAHistogramThatCanBeAddedUp() throws Exception {
    assertThat(rig.ask("GET", "/metrics").body())
        .contains("# TYPE parley_packet_latency_seconds histogram\n")
        .contains("parley_packet_latency_seconds_bucket{loop=\"0\",le=\"1.0E-5\"} 0\n")
        .contains("parley_packet_latency_seconds_bucket{loop=\"0\",le=\"1.5E-5\"} 1\n")
        .contains("parley_packet_latency_seconds_bucket{loop=\"0\",le=\"0.07\"} 1\n")
        .contains("parley_packet_latency_seconds_bucket{loop=\"0\",le=\"0.1\"} 2\n")
        .contains("parley_packet_latency_seconds_bucket{loop=\"0\",le=\"10.0\"} 2\n")
        .contains("parley_packet_latency_seconds_bucket{loop=\"0\",le=\"+Inf\"} 3\n")
        .contains("parley_packet_latency_seconds_sum{loop=\"0\"} 10.600015\n")
        .contains("parley_packet_latency_seconds_count{loop=\"0\"} 3\n");
  }

  @Test
  void showsTheStateOfEachScrapeNotOfTheStart() throws Exception {
    rig.ask("GET", "/metrics");
    rig.status.talkers = 11;

    assertThat(rig.ask("GET", "/metrics").body())
        .contains("parley_talkers{group=\"sip:fire@example.org\"} 11.0");
  }

  @Test
  void showsNothingMoreOfAGroupThatIsGoneUntilItComesBack() throws Exception {
    rig.ask("GET", "/metrics");

    rig.status.hasNoGroups = true;
    assertThat(rig.ask("GET", "/metrics").body()).doesNotContain("sip:fire@example.org");

    rig.status.hasNoGroups = false;
    assertThat(rig.ask("GET", "/metrics").body())
        .contains("parley_talkers{group=\"sip:fire@example.org\"} 2.0")
        .contains("parley_muted_talkers{group=\"sip:fire@example.org\"} 0.0");
  }

  @Test
  void showsWhatWasDoneToTheGateway() throws Exception {
    rig.ask("POST", "/api/v1/reload");
    rig.send("POST", "/api/v1/drain", "{\"deadline\":\"30s\"}", "content-type", "application/json");
    rig.ask("PUT", "/api/v1/groups/sip%3Afire%40example.org/mutes/sip%3Aalice%40example.org");
    rig.ask("POST", "/api/v1/reload", "origin", "http://evil.example");

    assertThat(rig.ask("GET", "/metrics").body())
        .contains("parley_reloads_total{result=\"done\"} 1.0")
        .contains("parley_reloads_total{result=\"refused\"} 0.0")
        .contains("parley_reload_last_seconds 1.7954352E9")
        .contains("parley_reload_refused 0.0")
        .contains("parley_drain{state=\"draining\"} 1.0")
        .contains("parley_drain{state=\"running\"} 0.0")
        .contains("parley_muted_talkers{group=\"sip:fire@example.org\"} 1.0")
        .contains("parley_admin_requests_total{status=\"200\"} 3.0")
        .contains("parley_admin_requests_total{status=\"403\"} 1.0")
        .contains("parley_admin_refused_total{reason=\"origin\"} 1.0")
        .contains("parley_admin_refused_total{reason=\"unknown_token\"} 0.0")
        .contains("parley_audit_failures_total 3.0");
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    HttpResponse<String> answer = rig.ask("HEAD", "/healthz");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-length")).contains("16");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void refusesEveryMethodThatCouldChangeSomething() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
      HttpResponse<String> answer = rig.ask(method, "/metrics");

      assertThat(answer.statusCode()).as(method).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
      assertThat(answer.body()).contains("\"error\":\"method_not_allowed\"");
    }
  }

  @Test
  void saysWhatThereIsWhenAskedForSomethingElse() throws Exception {
    HttpResponse<String> answer = rig.ask("GET", "/../etc/passwd");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("\"error\":\"not_found\"").contains("/readyz");
  }

  @Test
  void refusesWhatIsNoHttp() throws Exception {
    assertThat(rig.raw("\0\0\0\0 rubbish\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(rig.raw("GET /" + "a".repeat(4000) + " HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ");
    assertThat(rig.raw("GET / HTTP/1.1\r\nx: " + "a".repeat(9000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(rig.raw("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789"))
        .startsWith("HTTP/1.1 413 ");
    assertThat(rig.ask("GET", "/healthz").statusCode()).as("goes on afterwards").isEqualTo(200);
  }

  @Test
  void tellsThatItsPortIsTaken() {
    assertThatThrownBy(() -> AdminRig.of(AdminConfig.open(rig.server.local())))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageContaining("admin.listen 127.0.0.1:" + rig.port());
  }

  @Test
  void hidesWhyAPageFailed() throws Exception {
    rig.status.broken = true;

    HttpResponse<String> answer = rig.ask("GET", "/readyz");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("a fault of the gateway");
  }
}
