package parley.gateway.keying;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.keys.FreePort;
import parley.mikey.group.GmkReceipt;

/// What a manager gets from a receiver by HTTP, honest or not.
class MikeyHttpSenderTest {
  private static final byte[] MESSAGE = {1, 26, 0};

  @TempDir Path folder;

  @Test
  void bringsTheReceiptOrNothing() throws Exception {
    try (var rig = new MikeyHttpRig(folder, Duration.ofSeconds(30));
        var sender = new MikeyHttpSender(Duration.ofSeconds(20))) {
      byte[] receipt = sender.post(rig.uri("/mikey"), rig.message).orElseThrow();
      assertThat(GmkReceipt.read(receipt).ue()).isEqualTo(rig.plane.gateway.identity());

      byte[] forged = rig.message.clone();
      forged[forged.length - 1] ^= 1;
      assertThat(sender.post(rig.uri("/mikey"), forged)).isEmpty();

      assertThatThrownBy(() -> sender.post(rig.uri("/other"), rig.message))
          .isInstanceOf(IOException.class)
          .hasMessage(rig.uri("/other") + " answers 404");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 OK|text/plain|2|no MIKEY message",
        "200 OK|application/mikey|0|no MIKEY message",
        "200 OK|application/mikey|5000|cannot be asked",
        "302 Found|application/mikey|2|answers 302",
        "500 Error|application/mikey|2|answers 500",
        "rubbish|application/mikey|2|cannot be asked",
      })
  void believesNoOtherAnswer(String status, String type, int octets, String says) throws Exception {
    String answer =
        "HTTP/1.1 %s\r\nLocation: /other\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, type, octets, "x".repeat(octets));
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var sender = new MikeyHttpSender(Duration.ofSeconds(20))) {
      Thread.ofVirtual().start(() -> answer(server, answer));
      assertThatThrownBy(() -> sender.post(uri(server), MESSAGE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(says);
    }
  }

  @ParameterizedTest
  @CsvSource({"21600,21600", "0,0", "-5,0", "1e9,0", "99999999999999999999,0", "soon,0"})
  void hearsWhenTheReceiverWouldHaveItAgain(String said, long seconds) throws Exception {
    String answer =
        "HTTP/1.1 202 Accepted\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n".formatted(said);
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var sender = new MikeyHttpSender(Duration.ofSeconds(20))) {
      Thread.ofVirtual().start(() -> answer(server, answer));
      MikeyHttpDelivery delivery = sender.deliver(uri(server), MESSAGE);
      assertThat(delivery.receipt()).isEmpty();
      assertThat(delivery.again()).hasSeconds(seconds);
    }
  }

  @Test
  void doesNotWaitForAnAnswerThatNeverEnds() throws Exception {
    String begun =
        "HTTP/1.1 200 OK\r\nContent-Type: application/mikey\r\nContent-Length: 9\r\n\r\nx";
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var sender = new MikeyHttpSender(Duration.ofMillis(500))) {
      Thread.ofVirtual().start(() -> answer(server, begun));
      assertThatThrownBy(() -> sender.post(uri(server), MESSAGE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("has not answered within 500 ms");
    }
  }

  @Test
  void saysThatNobodyIsThere() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:%d/mikey".formatted(FreePort.tcp()));
    try (var sender = new MikeyHttpSender(Duration.ofSeconds(20))) {
      assertThatThrownBy(() -> sender.post(nobody, MESSAGE))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(nobody + " cannot be asked");
    }
  }

  @Test
  void refusesWhatIsNoMessageAndNoAddress() {
    try (var sender = new MikeyHttpSender(Duration.ofSeconds(1))) {
      for (String bad : new String[] {"ftp://h/mikey", "/mikey", "mailto:a@b", "http:///mikey"}) {
        assertThatIllegalArgumentException()
            .as(bad)
            .isThrownBy(() -> sender.post(URI.create(bad), MESSAGE));
      }
      URI good = URI.create("http://127.0.0.1:1/mikey");
      assertThatIllegalArgumentException().isThrownBy(() -> sender.post(good, new byte[0]));
      assertThatIllegalArgumentException().isThrownBy(() -> sender.post(good, new byte[4097]));
    }
  }

  private static URI uri(ServerSocket server) {
    return URI.create("http://127.0.0.1:%d/mikey".formatted(server.getLocalPort()));
  }

  /// Says it to the first who comes, and reads until he goes.
  private static void answer(ServerSocket server, String answer) {
    try (Socket socket = server.accept()) {
      int ignored = socket.getInputStream().read(new byte[4096]);
      assertThat(ignored).isPositive();
      socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
      while (socket.getInputStream().read() >= 0) {
        // until he goes
      }
    } catch (IOException _) {
      // he has gone
    }
  }
}
