package parley.keys.http;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One whole request, away from Netty's buffers. Immutable; the body is shared and not to be
/// written to.
public final class Request {
  private final String method;
  private final String path;
  private final @Nullable String query;
  private final Map<String, List<String>> headers;
  private final byte[] body;
  private final InetSocketAddress peer;
  private final TlsPeer tls;

  /// @param path as it came, still percent-encoded
  /// @param headers by name in lower case
  public Request(
      String method,
      String path,
      @Nullable String query,
      Map<String, List<String>> headers,
      byte[] body,
      InetSocketAddress peer,
      TlsPeer tls) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.headers = Map.copyOf(headers);
    this.body = body;
    this.peer = peer;
    this.tls = tls;
  }

  /// `GET`, `POST` ...
  public String method() {
    return method;
  }

  /// As it came, still percent-encoded, without the query.
  public String path() {
    return path;
  }

  /// What stands behind the question mark; null where there is none.
  public @Nullable String query() {
    return query;
  }

  /// The value of a header that came exactly once; null where it did not come, or more than once.
  public @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.size() == 1 ? values.getFirst() : null;
  }

  /// All values of a header, in their order.
  public List<String> headers(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  public byte[] body() {
    return body;
  }

  public InetSocketAddress peer() {
    return peer;
  }

  /// The client's certificate as TLS verified it; null where it showed none.
  public @Nullable X509Certificate certificate() {
    return tls.certificate();
  }

  /// What TLS knows of the connection.
  public TlsPeer tls() {
    return tls;
  }

  @Override
  public String toString() {
    return method + " " + path + " of " + peer;
  }
}
