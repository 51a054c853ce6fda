package parley.keys.gba.ue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.Fqdn;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.http.ClientTls;
import parley.keys.vault.VaultException;

/// Asks a server that takes bootstrapped keys, and does what it wants first: bootstraps where it
/// asks for that, answers its challenges, bootstraps again where it does not take the key any more.
///
/// The server is verified by its certificate and, in each answer, by `Authentication-Info` over the
/// body. Confined to one thread at a time.
public final class UaHttp implements AutoCloseable {
  private static final int UNAUTHORIZED = 401;

  /// The first challenge, one of another connection or an old nonce, and the answer.
  private static final int MOST_TRIES_OF_A_KEY = 3;

  private final URI server;
  private final Fqdn name;
  private final UaKeys keys;
  private final Duration patience;
  private final SecureRandom random;
  private final HttpClient http;
  private @Nullable UaDigestClient digest;

  /// @param server `https://kms.example.org:8443`, without a path
  /// @param name of the server in the UE's configuration, for which the key is
  /// @param tls trusts the server's certificate
  public UaHttp(
      URI server, Fqdn name, UaKeys keys, SSLContext tls, Duration patience, SecureRandom random) {
    if (!"https".equals(server.getScheme()) || server.getHost() == null) {
      throw new IllegalArgumentException(
          "the server's address begins with https:// and names a host");
    }
    this.server = server;
    this.name = name;
    this.keys = keys;
    this.patience = patience;
    this.random = random;
    this.http = ClientTls.http(tls, patience);
  }

  /// What the server answers once it knows who asks.
  ///
  /// @param uri path and query
  /// @param mostOctets of the answer's body
  /// @throws BootstrapFailed if there is no key that the server takes, or the answer is not of it
  /// @throws IOException if the server cannot be reached
  public HttpResponse<byte[]> send(
      String method, String uri, String contentType, byte[] body, int mostOctets)
      throws IOException, BootstrapFailed, VaultException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(uri))
            .timeout(patience)
            .header("User-Agent", "3gpp-gba")
            .method(method, BodyPublishers.ofByteArray(body));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    HttpResponse<byte[]> last = exchange(request, method, uri, body, mostOctets);
    if (isRefusal(last)) {
      drop();
      keys.renew(name);
      last = exchange(request, method, uri, body, mostOctets);
    }
    if (isRefusal(last)) {
      throw new BootstrapFailed(
          "server %s does not take a key that was just bootstrapped; is %s its name, and does it ask the same BSF?"
              .formatted(server, name));
    }
    return last;
  }

  /// Tries with one key until the server answers, or says no.
  private HttpResponse<byte[]> exchange(
      HttpRequest.Builder request, String method, String uri, byte[] body, int mostOctets)
      throws IOException, BootstrapFailed, VaultException {
    HttpResponse<byte[]> last = null;
    for (int i = 0; i < MOST_TRIES_OF_A_KEY && (last == null || isRefusal(last)); i++) {
      if (last != null) {
        take(last);
      }
      last = once(request.copy(), method, uri, body, mostOctets);
    }
    if (last == null) {
      throw new IllegalStateException("no try was made");
    }
    return last;
  }

  private HttpResponse<byte[]> once(
      HttpRequest.Builder request, String method, String uri, byte[] body, int mostOctets)
      throws IOException, BootstrapFailed {
    UaDigestClient known = digest;
    if (known == null) {
      return exchange(request.build(), mostOctets);
    }
    DigestCredentials said = known.authorize(method, uri, body);
    HttpResponse<byte[]> response =
        exchange(request.header("Authorization", said.header()).build(), mostOctets);
    if (response.statusCode() != UNAUTHORIZED
        && !known.isOfServer(only(response, "authentication-info"), said, response.body())) {
      throw new BootstrapFailed(
          "the answer of server %s is not of one that knows the key; nothing of it was used"
              .formatted(server));
    }
    return response;
  }

  private HttpResponse<byte[]> exchange(HttpRequest request, int mostOctets) throws IOException {
    try {
      return http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostOctets));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while %s was asked".formatted(server), e);
    }
  }

  /// Whether bootstrapping is what this server wants.
  private boolean isRefusal(HttpResponse<byte[]> response) {
    String wanted = only(response, "www-authenticate");
    return response.statusCode() == UNAUTHORIZED
        && wanted != null
        && UaDigestClient.wantsBootstrapping(wanted, name);
  }

  private void take(HttpResponse<byte[]> refusal) throws BootstrapFailed, VaultException {
    String wanted = only(refusal, "www-authenticate");
    UaDigestClient next = keys.digest(name, ua(refusal), random);
    drop();
    digest = next;
    if (wanted == null || !next.take(wanted)) {
      throw new BootstrapFailed(
          "server %s asks for a weaker proof than MD5 with auth-int; its operator must look"
              .formatted(server));
    }
  }

  private UaProtocol ua(HttpResponse<byte[]> response) throws BootstrapFailed {
    String suite = response.sslSession().map(SSLSession::getCipherSuite).orElse("");
    return UaProtocol.tls(suite)
        .orElseThrow(() ->
            new BootstrapFailed(
                "server %s speaks TLS with %s, which is not good enough".formatted(server, suite)));
  }

  private static @Nullable String only(HttpResponse<byte[]> response, String header) {
    List<String> values = response.headers().allValues(header);
    return values.size() == 1 ? values.getFirst() : null;
  }

  private void drop() {
    UaDigestClient known = digest;
    digest = null;
    if (known != null) {
      known.close();
    }
  }

  @Override
  public void close() {
    drop();
    http.close();
  }

  @Override
  public String toString() {
    return "UaHttp[" + server + "]";
  }
}
