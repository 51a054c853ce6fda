package parley.gateway.keying;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import parley.keys.http.ClientTls;
import parley.keys.http.WholeAnswer;
import parley.mikey.transport.MikeyBody;

/// Sends MIKEY messages by HTTP to whoever has a [MikeyHttpPort]. Any thread; a call waits.
///
/// Follows no redirect, uses no proxy but that of the system, reads no more than a message has.
public final class MikeyHttpSender implements AutoCloseable {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private final HttpClient client;
  private final Duration patience;

  /// @param patience for a whole exchange, from connecting to the last octet of the answer
  public MikeyHttpSender(Duration patience) {
    this(
        patience,
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .build());
  }

  /// @param tls whom it believes, and what it shows
  public MikeyHttpSender(Duration patience, SSLContext tls) {
    this(patience, ClientTls.http(tls, patience));
  }

  private MikeyHttpSender(Duration patience, HttpClient client) {
    this.patience = patience;
    this.client = client;
  }

  /// Posts one message. What comes back is the body `application/mikey`, unverified; empty when the
  /// receiver took the message and says no more.
  ///
  /// @throws IOException as [#deliver]
  public Optional<byte[]> post(URI to, byte[] message) throws IOException, InterruptedException {
    return deliver(to, message).receipt();
  }

  /// Posts one message.
  ///
  /// @param to such as `http://10.0.0.1:8080/mikey`
  /// @throws IOException with one sentence when the message was not taken, or nobody says so in
  ///   time
  /// @throws IllegalArgumentException for an address that is not of HTTP, or octets that no message
  ///   has
  public MikeyHttpDelivery deliver(URI to, byte[] message)
      throws IOException, InterruptedException {
    if (message.length == 0 || message.length > MikeyBody.MAX_OCTETS) {
      throw new IllegalArgumentException(message.length + " octets are no MIKEY message");
    }
    if (to.getHost() == null || !Set.of("http", "https").contains(to.getScheme())) {
      throw new IllegalArgumentException(to + " is no http://HOST:PORT/mikey");
    }
    HttpRequest request =
        HttpRequest.newBuilder(to)
            .header("content-type", MikeyBody.CONTENT_TYPE)
            .POST(BodyPublishers.ofByteArray(message))
            .build();
    HttpResponse<byte[]> response = exchange(to, request);
    return switch (response.statusCode()) {
      case OK -> MikeyHttpDelivery.received(receipt(to, response));
      case ACCEPTED -> MikeyHttpDelivery.taken(again(response));
      default -> throw new IOException(to + " answers " + response.statusCode());
    };
  }

  private HttpResponse<byte[]> exchange(URI to, HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return WholeAnswer.of(client, request, MikeyBody.MAX_OCTETS, patience);
    } catch (HttpTimeoutException e) {
      throw new IOException(to + " has not answered within " + patience.toMillis() + " ms", e);
    } catch (IOException e) {
      throw new IOException(to + " cannot be asked: " + e.getMessage(), e);
    }
  }

  /// Zero where the receiver does not say; the date form of it is not heard either.
  private static Duration again(HttpResponse<byte[]> response) {
    String after = response.headers().firstValue("retry-after").orElse("");
    return SECONDS.matcher(after).matches()
        ? Duration.ofSeconds(Long.parseLong(after))
        : Duration.ZERO;
  }

  private static byte[] receipt(URI to, HttpResponse<byte[]> response) throws IOException {
    boolean isMikey =
        response.headers().firstValue("content-type").filter(MikeyBody::isType).isPresent();
    if (!isMikey || response.body().length == 0) {
      throw new IOException(to + " answers 200 with something that is no MIKEY message");
    }
    return response.body();
  }

  /// Gives up whatever is still going on.
  @Override
  public void close() {
    client.shutdownNow();
  }
}
