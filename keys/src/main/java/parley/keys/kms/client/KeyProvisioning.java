package parley.keys.kms.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import parley.keys.http.ClientTls;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal.Kind;
import parley.keys.kms.message.KmsAnswer;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// Fetches certificate and keys of one KMS over HTTPS. TLS 1.2 or 1.3 with the server's name
/// checked, no redirect, an answer of 64 KiB at most, all of it within a time.
///
/// Safe for use by many threads; blocks.
public final class KeyProvisioning implements AutoCloseable {
  private static final int MOST_OCTETS = 64 << 10;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /// Sends one POST; whoever has another way to a KMS (GBA, PSK-TLS) puts it here.
  @FunctionalInterface
  public interface Transport {
    Answer post(URI url, byte[] body) throws IOException, InterruptedException;
  }

  /// What came back.
  public static final class Answer {
    private final int status;
    private final byte[] body;

    /// Takes over `body`.
    public Answer(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    public int status() {
      return status;
    }

    byte[] body() {
      return body;
    }
  }

  private final Asker asker;
  private final Transport transport;
  private final InstantSource clock;
  private final AutoCloseable closed;

  private KeyProvisioning(
      Asker asker, Transport transport, InstantSource clock, AutoCloseable closed) {
    this.asker = asker;
    this.transport = transport;
    this.clock = clock;
    this.closed = closed;
  }

  /// Over the JDK's HTTP client.
  ///
  /// @param tls trusts the KMS's certificate, and has the client's where it has one
  /// @param headers to send with each request, `Authorization` of an enrolment ticket for example
  public static KeyProvisioning over(
      SSLContext tls, Map<String, String> headers, Asker asker, InstantSource clock) {
    HttpClient http = ClientTls.http(tls, CONNECT);
    Map<String, String> sent = Map.copyOf(headers);
    return new KeyProvisioning(asker, (url, body) -> post(http, sent, url, body), clock, http);
  }

  /// Over a transport of somebody else's, which stays the caller's.
  public static KeyProvisioning over(Transport transport, Asker asker, InstantSource clock) {
    return new KeyProvisioning(asker, transport, clock, () -> {});
  }

  private static Answer post(HttpClient http, Map<String, String> headers, URI url, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(ANSWER)
            .header("Content-Type", "application/xml; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MOST_OCTETS));
    try {
      HttpResponse<byte[]> response = answer.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
      return new Answer(response.statusCode(), response.body());
    } catch (ExecutionException e) {
      throw new IOException("KMS at " + url.getAuthority() + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException("KMS at " + url.getAuthority() + " did not answer in time", e);
    } finally {
      boolean _ = answer.cancel(true);
    }
  }

  /// The KMS's certificate, as its TLS connection vouches for it.
  public KmsCertificate certificate() throws KmsRefusal, IOException, InterruptedException {
    KmsConversation conversation = asker.init(clock.instant());
    Answer answer = ask(conversation);
    return conversation.certificate(answer.status(), answer.body(), clock.instant());
  }

  /// The present keys of `who` and, when they are open, the next. The caller closes them.
  public Provision keys(Identity who, KmsCertificate certificate)
      throws KmsRefusal, IOException, InterruptedException {
    KmsConversation conversation = asker.keysOf(who, clock.instant());
    Answer answer = ask(conversation);
    return conversation.keys(answer.status(), answer.body(), who, certificate, clock.instant());
  }

  /// The keys of `who` in the period that holds `at`. The caller closes them.
  public Provision keys(Identity who, Instant at, KmsCertificate certificate)
      throws KmsRefusal, IOException, InterruptedException {
    KmsConversation conversation = asker.keysOf(who, at, clock.instant());
    Answer answer = ask(conversation);
    return conversation.keys(answer.status(), answer.body(), who, certificate, clock.instant());
  }

  /// The certificates of KMSs that this one vouches for, if the list is not the one of this number.
  public KmsAnswer.KmsCertCache certificates(long has)
      throws KmsRefusal, IOException, InterruptedException {
    KmsConversation conversation = asker.certificates(has, clock.instant());
    Answer answer = ask(conversation);
    return conversation.certificates(answer.status(), answer.body(), clock.instant());
  }

  private Answer ask(KmsConversation conversation)
      throws KmsRefusal, IOException, InterruptedException {
    Answer answer = transport.post(URI.create(conversation.url()), conversation.question());
    if (answer.status() >= 300 && answer.status() < 400) {
      throw new KmsRefusal(
          Kind.NOT_GOOD, "the KMS sends us elsewhere, which is not followed; correct its URL");
    }
    return answer;
  }

  @Override
  public void close() {
    try {
      closed.close();
    } catch (Exception e) {
      throw new IllegalStateException("an HTTP client did not close", e);
    }
  }
}
