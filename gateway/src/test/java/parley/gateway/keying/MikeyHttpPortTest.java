package parley.gateway.keying;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.LabMember;
import parley.gateway.media.PortUnavailable;
import parley.gateway.record.Tools;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.UnverifiedGmkDistribution;

/// What MIKEY's HTTP port takes, what it answers, and what it cannot be made to do.
class MikeyHttpPortTest {
  private static final String TYPE = "Content-Type: application/mikey";

  @TempDir Path folder;
  private MikeyHttpRig rig;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void open() throws Exception {
    rig = new MikeyHttpRig(folder, Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    client.close();
    rig.close();
  }

  private HttpResponse<byte[]> post(byte[] body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(rig.uri("/mikey"))
            .header("content-type", "application/mikey")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private boolean isReceipt(byte[] body) throws Exception {
    return GmkReceipt.read(body).isValid(UnverifiedGmkDistribution.read(rig.message), rig.gmk);
  }

  @Test
  void aGmkIsAnsweredByItsReceiptAndAgainWhenItIsRepeated() throws Exception {
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> answer = post(rig.message);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type")).contains("application/mikey");
      assertThat(isReceipt(answer.body())).isTrue();
    }
    assertThat(rig.plane.gateway.member().sendingGmk(rig.gmk.group())).isPresent();
    assertThat(rig.count(MikeyHttpOutcome.RECEIPT)).isEqualTo(2);
  }

  @Test
  void anAnnouncementGoesToItsGroup() throws Exception {
    LabMember alice = rig.lab.member("sip:alice@example.org");
    rig.lab.distribute(rig.gmk, alice, rig.plane.gateway);
    try (PlaneRig.Group group = rig.plane.group(MikeyHttpRig.FIRE)) {
      group.open();
      byte[] announcement = alice.talker(MikeyHttpRig.FIRE).announce();

      HttpResponse<byte[]> answer = post(announcement);

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(answer.body()).isEmpty();
      assertThat(group.ear.hear()).isEqualTo(announcement);
    }
  }

  /// A forger learns nothing from the answer, whatever is wrong with his message.
  @Test
  void whatIsRefusedIsAnsweredLikeWhatIsTaken() throws Exception {
    byte[] forged = rig.message.clone();
    forged[forged.length - 1] ^= 1;
    byte[] forOthers = rig.lab.iMessageTo(rig.gmk, "sip:bob@example.org");
    byte[] verification = rig.message.clone();
    verification[1] = 1;
    List<String> answers = new ArrayList<>();
    for (byte[] body :
        List.of(forged, forOthers, verification, new byte[4096], new byte[] {1}, new byte[] {7})) {
      answers.add(rig.raw(MikeyHttpRig.post(body)));
    }
    assertThat(answers).allMatch(answers.getFirst()::equals);
    assertThat(answers.getFirst())
        .startsWith("HTTP/1.1 202 Accepted\r\n")
        .contains("content-length: 0")
        .endsWith("\r\n\r\n");
    assertThat(rig.plane.gateway.member().sendingGmk(rig.gmk.group())).isEmpty();
    assertThat(rig.count(MikeyHttpOutcome.TAKEN)).isEqualTo(6);
  }

  @Test
  void everythingElseIsNamedByItsStatus() throws Exception {
    String length = "Content-Length: " + rig.message.length;
    assertThat(rig.raw(MikeyHttpRig.request("POST /", rig.message, TYPE, length)))
        .startsWith("HTTP/1.1 404 ")
        .endsWith("\r\n\r\nthere is /mikey here and nothing else\n");
    assertThat(rig.raw(MikeyHttpRig.request("POST /mikey?a=b", rig.message, TYPE, length)))
        .startsWith("HTTP/1.1 404 ");
    for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")) {
      assertThat(rig.raw(MikeyHttpRig.request(method + " /mikey", new byte[0])))
          .as(method)
          .startsWith("HTTP/1.1 405 ")
          .contains("allow: POST\r\n");
    }
    for (String[] types :
        new String[][] {
          {length},
          {length, "Content-Type: application/octet-stream"},
          {length, "Content-Type: application/mikey;version=2"},
          {length, TYPE, TYPE},
        }) {
      assertThat(rig.raw(MikeyHttpRig.request("POST /mikey", rig.message, types)))
          .startsWith("HTTP/1.1 415 ");
    }
    assertThat(rig.raw(MikeyHttpRig.post(new byte[4097])))
        .startsWith("HTTP/1.1 413 ")
        .endsWith("a message has at most 4096 octets\n");
    assertThat(rig.raw(MikeyHttpRig.request("POST /mikey", new byte[0], TYPE)))
        .as("without a length there is no body")
        .startsWith("HTTP/1.1 400 ");
    assertThat(rig.raw(MikeyHttpRig.post(new byte[0]))).startsWith("HTTP/1.1 400 ");
    assertThat(post(rig.message).statusCode()).as("goes on afterwards").isEqualTo(200);
  }

  /// Two readers of these could disagree on where the message ends.
  @Test
  void aBodyHasOneLength() throws Exception {
    String length = "Content-Length: " + rig.message.length;
    String chunked = "Transfer-Encoding: chunked";
    byte[] chunks =
        "%x\r\n%s\r\n0\r\n\r\n"
            .formatted(rig.message.length, new String(rig.message, ISO_8859_1))
            .getBytes(ISO_8859_1);
    for (String[] headers :
        new String[][] {
          {length, length},
          {length, "Content-Length: 1"},
          {length + ", " + rig.message.length},
          {"Content-Length: +" + rig.message.length},
          {"Content-Length: -1"},
          {"Content-Length: 0x10"},
          {"Content-Length: 99999999999999999999"},
          {"Content-Length : " + rig.message.length},
        }) {
      List<String> all = new ArrayList<>(List.of(headers));
      all.add(TYPE);
      String answer =
          rig.raw(MikeyHttpRig.request("POST /mikey", rig.message, all.toArray(String[]::new)));
      assertThat(answer).as(String.join(" ", headers)).startsWith("HTTP/1.1 4");
      assertThat(answer.indexOf("HTTP/1.1", 1)).as("one answer").isNegative();
    }
    for (String[] headers :
        new String[][] {
          {TYPE, chunked},
          {TYPE, chunked, length},
          {TYPE, length, chunked},
          {TYPE, length, "Transfer-Encoding: identity"},
          {TYPE, length, "Transfer-Encoding: gzip, chunked"}
        }) {
      assertThat(rig.raw(MikeyHttpRig.request("POST /mikey", chunks, headers)))
          .as(String.join(" ", headers))
          .matches("(?s)HTTP/1.1 (411|400) .*");
    }
    assertThat(rig.plane.gateway.member().sendingGmk(rig.gmk.group())).isEmpty();
  }

  @Test
  void everyCutOfARequestIsNoMessage() throws Exception {
    byte[] whole = MikeyHttpRig.post(rig.message);
    for (int length = 0; length < whole.length; length += length < 200 ? 1 : 37) {
      assertThat(rig.cut(Arrays.copyOf(whole, length)))
          .as("cut at %s", length)
          .doesNotStartWith("HTTP/1.1 2");
    }
    assertThat(rig.count(MikeyHttpOutcome.TAKEN)).isZero();
    assertThat(rig.raw(whole)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void everyBitFlipOfTheHeadersIsAnsweredOrEndsTheConnection() throws Exception {
    byte[] whole = MikeyHttpRig.post(new byte[] {1, 7});
    int head = whole.length - 2;
    for (int bit = 0; bit < head * Byte.SIZE; bit++) {
      byte[] bad = whole.clone();
      bad[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      String answer = rig.cut(bad);
      assertThat(answer).as("bit %s", bit).matches("(?s)|HTTP/1.1 [245].*");
    }
    assertThat(post(rig.message).statusCode()).isEqualTo(200);
  }

  @Test
  void aLineOrHeadersWithoutEndAreCutOff() throws Exception {
    assertThat(rig.raw(("POST /" + "a".repeat(600)).getBytes(ISO_8859_1))).startsWith("HTTP/1.1 4");
    String many = "x: %s\r\n".formatted("a".repeat(100)).repeat(50);
    assertThat(rig.raw(("POST /mikey HTTP/1.1\r\n" + many).getBytes(ISO_8859_1)))
        .startsWith("HTTP/1.1 4");
  }

  @Test
  void oneConnectionTakesOneMessageAfterTheOther() throws Exception {
    byte[] request = MikeyHttpRig.post(new byte[] {1, 7, 7, 7});
    String text = new String(request, ISO_8859_1);
    String kept = text.replace("Connection: close\r\n", "");
    String answers = rig.raw((kept + kept + text).getBytes(ISO_8859_1));

    assertThat(answers.split("HTTP/1.1 202 Accepted", -1)).hasSize(4);
  }

  @Test
  void whoAsksTooSlowlyIsCutOff() throws Exception {
    try (var impatient =
        new MikeyHttpRig(Files.createDirectory(folder.resolve("i")), Duration.ofMillis(200))) {
      byte[] whole = MikeyHttpRig.post(impatient.message);
      for (int length : new int[] {0, 10, whole.length - 1}) {
        assertThat(impatient.raw(Arrays.copyOf(whole, length))).isEmpty();
      }
      assertThat(impatient.count(MikeyHttpOutcome.TIMED_OUT)).isEqualTo(3);
    }
  }

  @Test
  void oneAddressHasEightConnections() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        Socket socket = rig.connect();
        open.add(socket);
        socket.getOutputStream().write("POST ".getBytes(ISO_8859_1));
      }
      assertThat(rig.raw(new byte[0])).isEmpty();
      assertThat(rig.count(MikeyHttpOutcome.CROWDED_OUT)).isEqualTo(1);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void tellsThatItsPortIsTaken() {
    assertThatThrownBy(() -> MikeyHttpPort.bind(rig.port.local(), rig.plane.inbox, rig.lab.clock()))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageContaining("mikey.http 127.0.0.1:" + rig.port.local().getPort());
  }

  /// A peer that nobody here has written.
  @Test
  void curlGetsTheReceipt() throws Exception {
    Path message = Files.write(folder.resolve("message.bin"), rig.message);
    Path receipt = folder.resolve("receipt.bin");
    String printed =
        Tools.run(
            "curl",
            "--silent",
            "--show-error",
            "--data-binary",
            "@" + message,
            "--header",
            TYPE,
            "--output",
            receipt.toString(),
            "--write-out",
            "%{http_code} %{content_type}",
            rig.uri("/mikey").toString());

    assertThat(printed).isEqualTo("200 application/mikey");
    assertThat(isReceipt(Files.readAllBytes(receipt))).isTrue();
    assertThat(
            Tools.run(
                "curl",
                "--silent",
                "--header",
                TYPE,
                "--header",
                "Transfer-Encoding: chunked",
                "--data-binary",
                "@" + message,
                rig.uri("/mikey").toString()))
        .isEqualTo("tell the length by Content-Length alone\n");
  }
}
