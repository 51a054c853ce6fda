package parley.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The control API over a real socket, on loopback where nobody has to say who they are.
class ControlApiTest {
  private static final String API = "/api/v1";
  private static final String FIRE = "/groups/sip%3Afire%40example.org";
  private static final String RECEIVER = FIRE + "/receivers/10.0.0.7%3A5004";
  private static final String ALICE = FIRE + "/mutes/sip%3Aalice%40example.org";
  private static final String JSON = "application/json";

  private AdminRig rig;
  private ApiDescription description;

  @BeforeEach
  void start() throws Exception {
    rig = AdminRig.open();
    description = new ApiDescription();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void theDescriptionAndTheRoutesAreTheSame() {
    Map<String, Set<Integer>> routes = new TreeMap<>();
    for (ApiRoute route : routes()) {
      String operation = route.method() + " " + route.template();
      routes.put(operation, route.statuses());
      assertThat(description.hasBody(operation)).as(operation).isEqualTo(route.takesBody());
      assertThat(description.description(operation))
          .isEqualTo("Role: %s.".formatted(route.role().label()));
    }

    assertThat(description.operations()).isEqualTo(routes);
  }

  private List<ApiRoute> routes() {
    return new ControlApi(
            new AuditedControl(rig.control, rig.audit, InstantSource.system()), rig.status, "1")
        .routes();
  }

  @Test
  void servesItsDescription() throws Exception {
    HttpResponse<String> answer = rig.ask("GET", API + "/openapi.json");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith("{").contains("\"openapi\": \"3.1.0\"");
    assertThat(rig.ask("POST", API + "/openapi.json").statusCode()).isEqualTo(405);
  }

  static Stream<Arguments> reads() {
    return Stream.of(
        Arguments.of("/version", "/version", "1.2.3"),
        Arguments.of("/groups", "/groups", "\"faultyLegs\":1"),
        Arguments.of(FIRE, "/groups/{id}", "sip:joint@example.org"),
        Arguments.of(FIRE + "/legs", "/groups/{id}/legs", "\"receiveFull\":7"),
        Arguments.of(FIRE + "/bursts", "/groups/{id}/bursts", "0000cafe"),
        Arguments.of(FIRE + "/talkers", "/groups/{id}/talkers", "sip:alice@example.org"),
        Arguments.of(FIRE + "/gmks", "/groups/{id}/gmks", "\"activation\":null,\"expiry\":null"),
        Arguments.of(FIRE + "/receivers", "/groups/{id}/receivers", "\"by\":\"joined\""),
        Arguments.of("/drain", "/drain", "\"state\":\"running\""),
        Arguments.of("/recorder", "/recorder", "\"lost\":9"));
  }

  @ParameterizedTest
  @MethodSource("reads")
  void showsWhatItsDescriptionPromises(String path, String template, String holds)
      throws Exception {
    HttpResponse<String> answer = rig.ask("GET", API + path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains(holds);
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    assertThat(description.differences("GET " + template, 200, answer.body())).isEmpty();
    HttpResponse<String> head = rig.ask("HEAD", API + path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(rig.audit.lines).as("reading is no act").isEmpty();
  }

  static Stream<Arguments> acts() {
    return Stream.of(
        Arguments.of("POST", "/reload", "/reload", "", "reload"),
        Arguments.of("POST", "/drain", "/drain", "{\"deadline\":\"30s\"}", "drain PT30S"),
        Arguments.of("POST", "/resume", "/resume", "", "resume"),
        Arguments.of("PUT", ALICE, "/groups/{id}/mutes/{talker}", "", "mute sip:alice"),
        Arguments.of("DELETE", ALICE, "/groups/{id}/mutes/{talker}", "", "unmute sip:alice"),
        Arguments.of(
            "PUT", RECEIVER, "/groups/{id}/receivers/{address}", "", "add /10.0.0.7:5004 to sip:"),
        Arguments.of(
            "DELETE", RECEIVER, "/groups/{id}/receivers/{address}", "", "remove /10.0.0.7:5004"));
  }

  @ParameterizedTest
  @MethodSource("acts")
  void notesEveryActBeforeAndAfterIt(
      String method, String path, String template, String body, String done) throws Exception {
    HttpResponse<String> answer = act(method, path, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(description.differences(method + " " + template, 200, answer.body())).isEmpty();
    assertThat(rig.control.done).singleElement().asString().startsWith(done);
    assertThat(rig.audit.lines)
        .satisfiesExactly(
            before -> assertThat(before).startsWith("loopback | ").endsWith(" | begun"),
            after -> assertThat(after).startsWith("loopback | ").endsWith(" | done"));
  }

  @ParameterizedTest
  @MethodSource("acts")
  void doesNothingThatCannotBeNoted(
      String method, String path, String template, String body, String done) throws Exception {
    rig.audit.room.set(0);

    HttpResponse<String> answer = act(method, path, body);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("nothing was done");
    assertThat(rig.control.done).isEmpty();
    assertThat(description.differences(method + " " + template, 503, answer.body())).isEmpty();
  }

  @Test
  void tellsThatAnActWasDoneWhoseOutcomeCouldNotBeNoted() throws Exception {
    rig.audit.room.set(1);

    HttpResponse<String> answer = act("POST", "/reload", "");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("it was done");
    assertThat(rig.control.done).containsExactly("reload");
  }

  @ParameterizedTest
  @EnumSource(ControlRefused.Kind.class)
  void tellsWhatIsInTheWay(ControlRefused.Kind kind) throws Exception {
    rig.control.refusal =
        new ControlRefused(kind, "two things are wrong", List.of("a: is wrong", "b: too"), null);

    HttpResponse<String> answer = act("PUT", ALICE, "");

    int status =
        switch (kind) {
          case UNKNOWN -> 404;
          case INVALID -> 422;
          case CONFLICT -> 409;
          case UNAVAILABLE -> 503;
        };
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body())
        .contains("two things are wrong")
        .contains("\"findings\":[\"a: is wrong\",\"b: too\"]");
    assertThat(description.differences("PUT /groups/{id}/mutes/{talker}", status, answer.body()))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gw.example.org%3A5004",
        "239.1.1.1%3A5004",
        "0.0.0.0%3A5004",
        "10.0.0.7",
        "x%3A0"
      })
  void takesNoReceiverThatIsNoUnicastAddress(String address) throws Exception {
    HttpResponse<String> answer = act("PUT", FIRE + "/receivers/" + address, "");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(answer.body()).contains("address: ");
    assertThat(rig.control.done).isEmpty();
    assertThat(rig.audit.lines).isEmpty();
  }

  @Test
  void notesARefusalAndAFault() throws Exception {
    rig.control.refusal = new ControlRefused(ControlRefused.Kind.CONFLICT, "not now");
    assertThat(act("POST", "/reload", "").statusCode()).isEqualTo(409);
    rig.control.refusal = null;
    rig.control.fault = new IllegalStateException("a fault of the gateway");
    HttpResponse<String> fault = act("POST", "/reload", "");

    assertThat(fault.statusCode()).isEqualTo(500);
    assertThat(fault.body()).doesNotContain("a fault");
    assertThat(rig.audit.lines)
        .containsExactly(
            "loopback | reload |  | begun",
            "loopback | reload |  | refused: not now",
            "loopback | reload |  | begun",
            "loopback | reload |  | failed: java.lang.IllegalStateException: a fault of the gateway");
    assertThat(rig.ask("GET", "/metrics").body())
        .contains("parley_reloads_total{result=\"refused\"} 1.0")
        .contains("parley_reload_refused 1.0");
  }

  @Test
  void knowsNoOtherGroupAndNoOtherPath() throws Exception {
    for (String path :
        List.of(
            "/groups/sip%3Awater%40example.org",
            "/groups/sip%253Afire%2540example.org",
            "/groups/sip%3Afire%40example.or%67%00",
            "/groups/%ff",
            "/groups/",
            "/groups/sip:fire@example.org/keys",
            "/Groups",
            "/../healthz",
            "/")) {
      HttpResponse<String> answer = rig.ask("GET", API + path);

      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.body()).contains("\"error\":\"not_found\"");
    }
    assertThat(raw(API + "/groups/%zz", "localhost")).startsWith("HTTP/1.1 404 ");
    assertThat(raw(API + "/groups/%4", "localhost")).startsWith("HTTP/1.1 404 ");
    assertThat(rig.ask("GET", API + "/groups/sip:fire@example.org").statusCode())
        .as("a path may hold : and @ as they are")
        .isEqualTo(200);
  }

  @Test
  void namesTheMethodsThatAPathHas() throws Exception {
    assertThat(allowed("DELETE", "/drain")).contains("GET, HEAD, POST");
    assertThat(allowed("GET", "/reload")).contains("POST");
    assertThat(allowed("POST", ALICE)).contains("DELETE, PUT");
    assertThat(allowed("PATCH", "/groups")).contains("GET, HEAD");
  }

  private Optional<String> allowed(String method, String path) throws Exception {
    HttpResponse<String> answer = rig.ask(method, API + path);
    assertThat(answer.statusCode()).isEqualTo(405);
    return answer.headers().firstValue("allow");
  }

  static Stream<Arguments> wrongBodies() {
    return Stream.of(
        Arguments.of("{\"deadline\":\"30s\",\"force\":true}", 422, "force: there is no such field"),
        Arguments.of("{\"deadline\":30}", 422, "deadline: is no text"),
        Arguments.of("{\"deadline\":null}", 422, "deadline: is no text"),
        Arguments.of("{}", 422, "deadline: is missing"),
        Arguments.of("{\"deadline\":\"30\"}", 422, "deadline: 30 is no time"),
        Arguments.of("{\"deadline\":\"25h\"}", 422, "deadline: 25h is not between"),
        Arguments.of("[]", 422, "no JSON object"),
        Arguments.of("{\"deadline\":\"1s\",\"deadline\":\"2s\"}", 400, "uplicate"),
        Arguments.of("{\"deadline\":\"1s\"} {}", 400, "not JSON"),
        Arguments.of("{\"deadline\":\"1s\"", 400, "not JSON"),
        Arguments.of("", 422, "no JSON object"),
        Arguments.of("[".repeat(2000), 400, "not JSON"),
        Arguments.of("{\"deadline\":\"" + "9".repeat(5000) + "\"}", 413, "longer than 4096"));
  }

  @ParameterizedTest
  @MethodSource("wrongBodies")
  void takesABodyLiterally(String body, int status, String says) throws Exception {
    HttpResponse<String> answer = rig.send("POST", API + "/drain", body, "content-type", JSON);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(says);
    assertThat(rig.control.done).isEmpty();
    assertThat(rig.audit.lines).as("what cannot be read is no act").isEmpty();
    assertThat(description.differences("POST /drain", status, answer.body())).isEmpty();
  }

  @Test
  void takesJsonAloneAndOnlyWhereItBelongs() throws Exception {
    String body = "{\"deadline\":\"1s\"}";

    assertThat(rig.send("POST", API + "/drain", body).statusCode()).isEqualTo(415);
    assertThat(rig.send("POST", API + "/drain", body, "content-type", "text/plain").statusCode())
        .isEqualTo(415);
    assertThat(rig.send("POST", API + "/reload", body, "content-type", JSON).statusCode())
        .isEqualTo(413);
    assertThat(rig.ask("GET", API + "/groups?all=1").statusCode()).isEqualTo(400);
    assertThat(rig.control.done).isEmpty();
    assertThat(
            rig.send("POST", API + "/drain", body, "content-type", JSON + "; charset=UTF-8")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void wantsACanonicalTalker() throws Exception {
    HttpResponse<String> answer = act("PUT", FIRE + "/mutes/SIP%3AAlice%40example.org", "");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("talker: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"origin", "sec-fetch-site"})
  void letsNoPageOfABrowserChangeAnything(String header) throws Exception {
    for (ApiRoute route : routes()) {
      if (!route.method().name().equals("GET")) {
        String path =
            route
                .template()
                .replace("{id}", "sip:fire@example.org")
                .replace("{talker}", "sip:a@b")
                .replace("{address}", "10.0.0.7:5004");
        HttpResponse<String> answer =
            rig.ask(route.method().name(), API + path, header, "cross-site");

        assertThat(answer.statusCode()).as(path).isEqualTo(403);
      }
    }
    assertThat(rig.control.done).isEmpty();
    assertThat(rig.audit.lines).isNotEmpty().allMatch(line -> line.contains("refused: a page"));
  }

  @Test
  void answersToNoOtherNameThanItsOwn() throws Exception {
    for (String path : List.of(API + "/groups", API + "/version", "/metrics")) {
      assertThat(raw(path, "rebound.evil.example:9464")).as(path).startsWith("HTTP/1.1 403 ");
      assertThat(raw(path, "127.0.0.1.evil.example")).startsWith("HTTP/1.1 403 ");
      assertThat(raw(path, "10.0.0.1:9464")).startsWith("HTTP/1.1 403 ");
      assertThat(raw(path, "localhost:1")).startsWith("HTTP/1.1 200 ");
      assertThat(raw(path, "127.0.0.1")).startsWith("HTTP/1.1 200 ");
      assertThat(raw(path, "[::1]:9464")).startsWith("HTTP/1.1 200 ");
    }
    assertThat(rig.raw("GET %s/groups HTTP/1.0\r\n\r\n".formatted(API)))
        .startsWith("HTTP/1.1 400 ");
    assertThat(
            rig.raw("GET %s/groups HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n".formatted(API)))
        .startsWith("HTTP/1.1 400 ");
    assertThat(raw("/readyz", "anything")).startsWith("HTTP/1.1 200 ");
  }

  private String raw(String path, String host) throws Exception {
    return rig.raw(
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host));
  }

  /// A request hidden in the body of another must never be seen as one.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 6\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 6",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: xchunked\r\nContent-Length: 6",
        "Transfer-Encoding : chunked\r\nContent-Length: 6",
        "Content-Length: 6\r\nContent-Length: 5",
        "Content-Length: +6",
        "Content-Length: 6, 6",
        "Content-Length: -1",
        "Content-Length: 99999999999999999999"
      })
  void readsNoRequestOutOfTheBodyOfAnother(String framing) throws Exception {
    String hidden = "POST %s/reload HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(API);

    String answers =
        rig.raw(
            "POST %s/drain HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s\r\n\r\n0\r\n\r\n%s"
                .formatted(API, JSON, framing, hidden));

    assertThat(answers).matches("(?s)HTTP/1\\.1 4\\d\\d .*");
    assertThat(answers.split("HTTP/1\\.1 ", -1)).as("one answer, then the end").hasSize(2);
    assertThat(rig.control.done).isEmpty();
  }

  @Test
  void answersRequestsOfOneConnectionInTheirOrder() throws Exception {
    String get = "GET %s/%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n";

    String answers =
        rig.raw(
            get.formatted(API, "version", "")
                + get.formatted(API, "nothing", "")
                + get.formatted(API, "recorder", "Connection: close\r\n"));

    assertThat(answers).containsSubsequence("200 OK", "1.2.3", "404", "200 OK", "queuedOctets");
  }

  @Test
  void cutsOffWhoeverIsTooSlow() throws Exception {
    try (AdminRig impatient = AdminRig.impatient(Duration.ofMillis(300));
        var slow = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
      slow.setSoTimeout(30_000);
      slow.getOutputStream()
          .write(
              "POST /api/v1/drain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(slow.getInputStream().read()).as("the end of the connection").isEqualTo(-1);
      assertThat(impatient.control.done).isEmpty();
    }
  }

  @Test
  void doesNotLetStrangersFillTheAuditLog() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(rig.ask("POST", API + "/reload", "origin", "http://evil.example").statusCode())
          .isEqualTo(403);
    }

    assertThat(rig.audit.lines).hasSize(10);
    assertThat(rig.ask("GET", "/metrics").body())
        .contains("parley_admin_refused_total{reason=\"origin\"} 50.0");
  }

  private HttpResponse<String> act(String method, String path, String body) throws Exception {
    return body.isEmpty()
        ? rig.ask(method, API + path)
        : rig.send(method, API + path, body, "content-type", JSON);
  }
}
