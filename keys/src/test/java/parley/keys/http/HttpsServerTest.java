package parley.keys.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP as a hostile client speaks it, octet by octet.
class HttpsServerTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final HttpLimits SMALL =
      new HttpLimits(8, 4, 1000, 2, 100, Duration.ofSeconds(30));

  private final List<Socket> sockets = new ArrayList<>();
  private @Nullable HttpsServer server;

  private void serve(HttpLimits limits, Site site) throws Exception {
    server = HttpsServer.startInClear(LOOPBACK, limits, site);
  }

  private void echo() throws Exception {
    serve(
        SMALL,
        request ->
            Reply.text(
                200,
                "%s %s %s %s"
                    .formatted(
                        request.method(),
                        request.path(),
                        request.query(),
                        new String(request.body(), UTF_8))));
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private HttpsServer server() {
    return requireNonNull(server);
  }

  private Socket connect() throws IOException {
    InetSocketAddress local = server().local();
    Socket socket = new Socket(local.getAddress(), local.getPort());
    sockets.add(socket);
    return socket;
  }

  private Socket send(String octets) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(octets.getBytes(US_ASCII));
    return socket;
  }

  /// Everything until the server ends the connection.
  private String answer(String octets) throws IOException {
    return new String(send(octets).getInputStream().readAllBytes(), UTF_8);
  }

  @Test
  void answersOneRequestAfterTheOther() throws Exception {
    echo();
    String said =
        answer(
            "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                + "GET /%2e%2e/d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(said).contains("POST /a b=c hello\n", "GET /%2e%2e/d null \n");
    assertThat(server().counters().answers(2)).isEqualTo(2);
    assertThat(server().counters().connections()).isEqualTo(1);
  }

  @Test
  void answersHeadWithoutBody() throws Exception {
    echo();
    String said = answer("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(said).startsWith("HTTP/1.1 200").contains("content-length: 14").endsWith("\r\n\r\n");
  }

  /// Threats, HTTP: what two readers could see differently is not read at all.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length : 5\r\n",
        "Content-Length: 5, 6\r\n",
      })
  void refusesWhatCouldSmuggle(String framing) throws Exception {
    echo();
    String said =
        answer("POST /a HTTP/1.1\r\nHost: x\r\n" + framing + "\r\nhelloGET /smuggled HTTP/1.1\r\n");
    assertThat(said).startsWith("HTTP/1.1 4").doesNotContain("smuggled", "200");
    assertThat(server().counters().malformed()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET http://evil.example.org/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\u0001 HTTP/1.1\r\nHost: a\r\n\r\n",
        "no HTTP at all\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n"
      })
  void refusesWhatIsNoRequest(String octets) throws Exception {
    echo();
    assertThat(answer(octets)).startsWith("HTTP/1.1 400");
  }

  @Test
  void tellsOfABodyThatIsTooLargeWithoutReadingIt() throws Exception {
    echo();
    String said =
        answer("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n" + "x".repeat(101));
    assertThat(said).startsWith("HTTP/1.1 413").contains("longer than 100 octets");
  }

  @Test
  void tellsOfLinesAndHeadersThatAreTooLong() throws Exception {
    echo();
    assertThat(answer("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 414");
    assertThat(answer("GET / HTTP/1.1\r\nHost: x\r\nA: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
  }

  /// Threats, HTTP: a slow client costs one connection for so long, and no more.
  @Test
  void cutsOffWhoeverIsSlow() throws Exception {
    serve(new HttpLimits(8, 4, 1000, 2, 100, Duration.ofMillis(200)), _ -> Reply.text(200, "late"));
    assertThat(answer("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel")).isEmpty();
    assertThat(connect().getInputStream().read()).isEqualTo(-1);
    assertThat(server().counters().timeouts()).isEqualTo(2);
  }

  @Test
  void answersSoManyAtOnceAndTellsTheOthers() throws Exception {
    var inside = new CountDownLatch(2);
    var go = new Semaphore(0);
    serve(
        SMALL,
        _ -> {
          inside.countDown();
          go.acquire();
          return Reply.text(200, "served");
        });
    String request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    Socket first = send(request);
    Socket second = send(request);
    inside.await();
    assertThat(answer(request)).startsWith("HTTP/1.1 503").contains("Retry-After: 1");
    go.release(2);
    for (Socket socket : List.of(first, second)) {
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).contains("served");
    }
    assertThat(server().counters().overload()).isEqualTo(1);
  }

  @Test
  void letsAnAddressHaveSoManyConnections() throws Exception {
    echo();
    String request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    for (int i = 0; i < SMALL.connectionsOfAnAddress(); i++) {
      assertThat(send(request).getInputStream().read()).isEqualTo('H');
    }
    assertThat(isClosedAtOnce()).isTrue();
    assertThat(server().counters().refusedConnections()).isEqualTo(1);
  }

  private boolean isClosedAtOnce() {
    try {
      return connect().getInputStream().read() == -1;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void tellsNothingOfItsOwnFailures() throws Exception {
    serve(
        SMALL,
        _ -> {
          throw new IllegalStateException("the table KEYS has no row 7");
        });
    String said = answer("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(said).startsWith("HTTP/1.1 500").doesNotContain("KEYS");
    assertThat(server().counters().failures()).isEqualTo(1);
  }

  @Test
  void isNotInClearButOnLoopback() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            HttpsServer.startInClear(
                new InetSocketAddress("192.0.2.1", 0), SMALL, _ -> Reply.empty(204)));
  }

  @Test
  void tellsOfAPortThatIsTaken() throws Exception {
    echo();
    assertThatThrownBy(
            () -> HttpsServer.startInClear(server().local(), SMALL, _ -> Reply.empty(204)))
        .isInstanceOf(PortTaken.class)
        .hasMessageContaining("cannot be bound");
  }
}
