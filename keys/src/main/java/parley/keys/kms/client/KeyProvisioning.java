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
import javax.net.ssl.SSLContext;
import parley.keys.gba.Fqdn;
import parley.keys.gba.ue.UaHttp;
import parley.keys.http.ClientTls;
import parley.keys.http.WholeAnswer;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal.Kind;
import parley.keys.kms.client.Line.Answered;
import parley.keys.kms.message.KmsAnswer;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// Fetches certificate and keys of one KMS over HTTPS. TLS 1.2 or 1.3 with the server's name
/// checked, no redirect, an answer of 64 KiB at most, all of it within a time.
///
/// Safe for use by many threads, by a SIM for one at a time; blocks.
public final class KeyProvisioning implements AutoCloseable {
  private static final int MOST_OCTETS = 64 << 10;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /// Sends one POST; whoever has another way to a KMS puts it here.
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

  private final Line line;
  private final InstantSource clock;

  private KeyProvisioning(Line line, InstantSource clock) {
    this.line = line;
    this.clock = clock;
  }

  /// Over the JDK's HTTP client.
  ///
  /// @param tls trusts the KMS's certificate, and has the client's where it has one
  /// @param headers to send with each request, `Authorization` of an enrolment ticket for example
  public static KeyProvisioning over(
      SSLContext tls, Map<String, String> headers, Asker asker, InstantSource clock) {
    HttpClient http = ClientTls.http(tls, CONNECT);
    Map<String, String> sent = Map.copyOf(headers);
    return new KeyProvisioning(
        new Line.Fixed((url, body) -> post(http, sent, url, body), asker, http::close), clock);
  }

  /// Over a transport of somebody else's, which stays the caller's.
  public static KeyProvisioning over(Transport transport, Asker asker, InstantSource clock) {
    return new KeyProvisioning(new Line.Fixed(transport, asker, () -> {}), clock);
  }

  /// By a SIM or a push, as the KMS wants it (GBA).
  ///
  /// @param http asks this KMS; closed with this object
  /// @param naf the KMS's name as a NAF
  /// @param asker without keys: they follow from the SIM's
  public static KeyProvisioning byGba(UaHttp http, Fqdn naf, Asker asker, InstantSource clock) {
    return new KeyProvisioning(new GbaLine(http, naf, asker, MOST_OCTETS), clock);
  }

  private static Answer post(HttpClient http, Map<String, String> headers, URI url, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(ANSWER)
            .header("Content-Type", "application/xml; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      HttpResponse<byte[]> response = WholeAnswer.of(http, request.build(), MOST_OCTETS, ANSWER);
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new IOException("KMS at " + url.getAuthority() + ": " + e.getMessage(), e);
    }
  }

  /// The KMS's certificate, as its TLS connection vouches for it.
  public KmsCertificate certificate() throws KmsRefusal, IOException, InterruptedException {
    Answered got = ask(asker -> asker.init(clock.instant()));
    return got.conversation()
        .certificate(got.answer().status(), got.answer().body(), clock.instant());
  }

  /// The present keys of `who` and, when they are open, the next. The caller closes them.
  public Provision keys(Identity who, KmsCertificate certificate)
      throws KmsRefusal, IOException, InterruptedException {
    return keys(who, certificate, asker -> asker.keysOf(who, clock.instant()));
  }

  /// The keys of `who` in the period that holds `at`. The caller closes them.
  public Provision keys(Identity who, Instant at, KmsCertificate certificate)
      throws KmsRefusal, IOException, InterruptedException {
    return keys(who, certificate, asker -> asker.keysOf(who, at, clock.instant()));
  }

  private Provision keys(Identity who, KmsCertificate certificate, Line.Question question)
      throws KmsRefusal, IOException, InterruptedException {
    Answered got = ask(question);
    return got.conversation()
        .keys(got.answer().status(), got.answer().body(), who, certificate, clock.instant());
  }

  /// The certificates of KMSs that this one vouches for, if the list is not the one of this number.
  public KmsAnswer.KmsCertCache certificates(long has)
      throws KmsRefusal, IOException, InterruptedException {
    Answered got = ask(asker -> asker.certificates(has, clock.instant()));
    return got.conversation()
        .certificates(got.answer().status(), got.answer().body(), clock.instant());
  }

  private Answered ask(Line.Question question)
      throws KmsRefusal, IOException, InterruptedException {
    Answered answered = line.ask(question);
    int status = answered.answer().status();
    if (status >= 300 && status < 400) {
      throw new KmsRefusal(
          Kind.NOT_GOOD, "the KMS sends us elsewhere, which is not followed; correct its URL");
    }
    return answered;
  }

  @Override
  public void close() {
    line.close();
  }
}
