package parley.keys.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// An [Exchange] over TLS with the server's certificate; follows no redirection.
public final class CertificateExchange implements Exchange {
  private static final Duration CONNECT_TIME = Duration.ofSeconds(10);

  private final HttpClient http;
  private final Duration patience;

  /// @param tls whom it believes and what it shows, [ClientTls]
  /// @param patience for a whole answer
  public CertificateExchange(SSLContext tls, Duration patience) {
    this.patience = patience;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIME)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(tls)
            .sslParameters(ClientTls.parameters())
            .build();
  }

  @Override
  public Answer send(String method, URI url, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(patience)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      return answer(
          http.send(
              request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_OCTETS)));
    } catch (HttpConnectTimeoutException | ConnectException e) {
      throw new IOException("nothing answers at %s; is it running?".formatted(url), e);
    } catch (HttpTimeoutException e) {
      throw new IOException("%s gave no answer in %s".formatted(url, patience), e);
    } catch (SSLException e) {
      throw new IOException("TLS with %s failed: %s".formatted(url, e.getMessage()), e);
    }
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    Reply reply =
        Reply.of(
            response.statusCode(),
            response.headers().firstValue("content-type").orElse(""),
            response.body());
    for (Map.Entry<String, List<String>> header : response.headers().map().entrySet()) {
      for (String value : header.getValue()) {
        reply = reply.with(header.getKey(), value);
      }
    }
    int suite =
        response.sslSession().map(SSLSession::getCipherSuite).map(TlsSuites::code).orElse(0);
    return new Answer(reply, suite);
  }

  @Override
  public void close() {
    http.close();
  }
}
