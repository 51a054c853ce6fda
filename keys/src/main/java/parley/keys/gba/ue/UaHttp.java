package parley.keys.gba.ue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.Fqdn;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.gba.ue.BootstrapFailed.Kind;
import parley.keys.http.ClientTls;
import parley.keys.http.WholeAnswer;
import parley.keys.vault.VaultException;
import parley.mikey.secret.SecretBytes;

/// Asks a server that takes bootstrapped keys, and does what it wants first: bootstraps where it
/// asks for that, answers its challenges, bootstraps again where it does not take the key any more.
///
/// The server is verified by its certificate and, in each answer, by `Authentication-Info` over the
/// body. Confined to one thread at a time.
public final class UaHttp implements AutoCloseable {
  private static final int UNAUTHORIZED = 401;
  private static final Set<Integer> BUSY = Set.of(429, 503);

  /// The first challenge, one of another connection or an old nonce, and the answer.
  private static final int MOST_TRIES_OF_A_KEY = 3;

  private final URI server;
  private final Fqdn name;
  private final UaKeys keys;
  private final Duration patience;
  private final SecureRandom random;
  private final HttpClient http;
  private @Nullable UaKey key;
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

  /// What a request says, which may depend on the key that it is proved with.
  @FunctionalInterface
  public interface Body {
    /// @param key null while the server has asked for none; stays the caller's, and is the one that
    ///   the request after this call is proved with
    byte[] under(@Nullable UaKey key) throws IOException;
  }

  /// A request but for its body.
  private record Asked(String method, String uri, String contentType, int mostOctets) {}

  /// What the server answers once it knows who asks.
  ///
  /// @param uri path and query
  /// @param mostOctets of the answer's body
  /// @throws BootstrapFailed if there is no key that the server takes, or the answer is not of it
  /// @throws IOException if the server cannot be reached
  public HttpResponse<byte[]> send(
      String method, String uri, String contentType, byte[] body, int mostOctets)
      throws IOException, VaultException {
    return send(method, uri, contentType, _ -> body, mostOctets);
  }

  /// The same with a body that is written anew for each key.
  public HttpResponse<byte[]> send(
      String method, String uri, String contentType, Body body, int mostOctets)
      throws IOException, VaultException {
    var asked = new Asked(method, uri, contentType, mostOctets);
    HttpResponse<byte[]> last = exchange(asked, body);
    if (isRefusal(last)) {
      drop();
      keys.renew(name);
      last = exchange(asked, body);
    }
    if (isRefusal(last)) {
      throw new BootstrapFailed(
          Kind.NOT_KNOWN,
          "server %s does not take a key that was just bootstrapped; is %s its name, and does it ask the same BSF?"
              .formatted(server, name));
    }
    return last;
  }

  /// Tries with one key until the server answers, or says no.
  private HttpResponse<byte[]> exchange(Asked asked, Body body) throws IOException, VaultException {
    HttpResponse<byte[]> last = null;
    for (int i = 0; i < MOST_TRIES_OF_A_KEY && (last == null || isRefusal(last)); i++) {
      if (last != null) {
        take(last);
      }
      last = once(asked, body.under(key));
    }
    if (last == null) {
      throw new IllegalStateException("no try was made");
    }
    return last;
  }

  private HttpResponse<byte[]> once(Asked asked, byte[] body) throws IOException {
    HttpRequest.Builder request = request(asked, body);
    UaDigestClient known = digest;
    if (known == null) {
      return exchange(request.build(), asked.mostOctets);
    }
    DigestCredentials said = known.authorize(asked.method, asked.uri, body);
    HttpResponse<byte[]> response =
        exchange(request.header("Authorization", said.header()).build(), asked.mostOctets);
    if (response.statusCode() != UNAUTHORIZED
        && !known.isOfServer(only(response, "authentication-info"), said, response.body())) {
      throw unproved(response.statusCode());
    }
    return response;
  }

  private HttpRequest.Builder request(Asked asked, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(asked.uri))
            .timeout(patience)
            .header("User-Agent", "3gpp-gba")
            .method(asked.method, BodyPublishers.ofByteArray(body));
    return asked.contentType.isEmpty()
        ? request
        : request.header("Content-Type", asked.contentType);
  }

  /// A server that is too busy to look for the key cannot prove that it knows it.
  private BootstrapFailed unproved(int status) {
    return BUSY.contains(status)
        ? new BootstrapFailed(
            Kind.LATER, "server %s is too busy (%d); ask again later".formatted(server, status))
        : new BootstrapFailed(
            Kind.NOT_GOOD,
            "the answer of server %s is not of one that knows the key; nothing of it was used"
                .formatted(server));
  }

  private HttpResponse<byte[]> exchange(HttpRequest request, int mostOctets) throws IOException {
    try {
      return WholeAnswer.of(http, request, mostOctets, patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while %s was asked".formatted(server), e);
    }
  }

  /// Whether bootstrapping is what this server wants. Its key under another name is not ours to
  /// make.
  private boolean isRefusal(HttpResponse<byte[]> response) throws BootstrapFailed {
    String said = only(response, "www-authenticate");
    if (response.statusCode() != UNAUTHORIZED || said == null) {
      return false;
    }
    Optional<Fqdn> wanted = UaDigestClient.wantsBootstrapping(said);
    if (wanted.isPresent() && !wanted.get().equals(name)) {
      throw new BootstrapFailed(
          Kind.NOT_GOOD,
          "server %s takes keys for the name %s and is known here as %s; correct the name that is wrong"
              .formatted(server, wanted.get(), name));
    }
    return wanted.isPresent();
  }

  private void take(HttpResponse<byte[]> refusal) throws BootstrapFailed, VaultException {
    String wanted = only(refusal, "www-authenticate");
    UaProtocol tls = tls(refusal);
    drop();
    UaKey next = keys.current();
    key = next;
    try (SecretBytes ksNaf = next.insideTls(name, tls)) {
      digest = new UaDigestClient(next.tid(), name, ksNaf, random);
    }
    if (wanted == null || !digest.take(wanted)) {
      throw new BootstrapFailed(
          Kind.NOT_GOOD,
          "server %s asks for a weaker proof than MD5 with auth-int; its operator must look"
              .formatted(server));
    }
  }

  private UaProtocol tls(HttpResponse<byte[]> response) throws BootstrapFailed {
    String suite = response.sslSession().map(SSLSession::getCipherSuite).orElse("");
    return UaProtocol.tls(suite)
        .orElseThrow(() ->
            new BootstrapFailed(
                Kind.NOT_GOOD,
                "server %s speaks TLS with %s, which is not good enough".formatted(server, suite)));
  }

  private static @Nullable String only(HttpResponse<byte[]> response, String header) {
    List<String> values = response.headers().allValues(header);
    return values.size() == 1 ? values.getFirst() : null;
  }

  private void drop() {
    UaDigestClient known = digest;
    UaKey held = key;
    digest = null;
    key = null;
    if (known != null) {
      known.close();
    }
    if (held != null) {
      held.close();
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
