package parley.keys.gba.zn;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.http.ClientTls;
import parley.keys.http.WholeAnswer;
import parley.mikey.identity.Identity;

/// Asks the BSF over HTTPS, with the NAF's certificate, whose dNSName is the FQDN in NAF_Id.
public final class HttpZnClient implements ZnClient, AutoCloseable {
  public static final String KEY_PATH = "/zn/v1/bootstrapping-info";
  public static final String PUSH_PATH = "/zpn/v1/push-info";

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final URI bsf;
  private final Duration patience;
  private final HttpClient http;

  /// @param bsf `https://bsf.example.org:8443`, without a path
  /// @param tls shows the NAF's certificate and trusts the BSF's
  /// @param patience how long one question may take
  public HttpZnClient(URI bsf, SSLContext tls, Duration patience) {
    if (!"https".equals(bsf.getScheme()) || bsf.getHost() == null) {
      throw new IllegalArgumentException("the BSF's address begins with https:// and names a host");
    }
    this.bsf = bsf;
    this.patience = patience;
    this.http = ClientTls.http(tls, patience);
  }

  @Override
  public Optional<NafKey> nafKey(Tid tid, NafId naf) throws IOException {
    var question = new ZnJson.KeyQuestion(tid, naf);
    Optional<byte[]> answer = ask(KEY_PATH, question.json());
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ZnJson.key(question, answer.get()));
    } finally {
      Arrays.fill(answer.get(), (byte) 0);
    }
  }

  @Override
  public Optional<PushInfo> push(Identity user, NafId naf) throws IOException {
    var question = new ZnJson.PushQuestion(user, naf);
    Optional<byte[]> answer = ask(PUSH_PATH, question.json());
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ZnJson.push(question, answer.get()));
    } finally {
      Arrays.fill(answer.get(), (byte) 0);
    }
  }

  private Optional<byte[]> ask(String path, byte[] json) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(bsf.resolve(path))
            .timeout(patience)
            .header("Content-Type", ZnJson.CONTENT_TYPE)
            .POST(BodyPublishers.ofByteArray(json))
            .build();
    HttpResponse<byte[]> response = send(request);
    return switch (response.statusCode()) {
      case OK -> Optional.of(response.body());
      case NOT_FOUND -> Optional.empty();
      default ->
          throw new IOException(
              "BSF %s answered %d to %s; is this NAF's certificate of the name in NAF_Id?"
                  .formatted(bsf, response.statusCode(), path));
    };
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return WholeAnswer.of(http, request, ZnJson.MOST_OCTETS, patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the BSF was asked", e);
    } catch (IOException e) {
      throw new IOException(
          "BSF %s cannot be asked (%s); is it running, and does each trust the other's certificate?"
              .formatted(bsf, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return "HttpZnClient[" + bsf + "]";
  }
}
