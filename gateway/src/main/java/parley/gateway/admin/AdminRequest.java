package parley.gateway.admin;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/// One request, away from Netty's buffers.
///
/// @param method HEAD asks as GET does
/// @param path as it came, still percent-encoded
/// @param query null where there is no question mark
/// @param hasLength whether the length of the body was told
/// @param certificate verified by TLS; null where the peer showed none
/// @param access what held when the connection came
record AdminRequest(
    HttpMethod method,
    String path,
    @Nullable String query,
    HttpHeaders headers,
    boolean hasLength,
    String body,
    InetAddress peer,
    @Nullable X509Certificate certificate,
    AdminAccess access) {

  static AdminRequest of(
      FullHttpRequest request,
      InetAddress peer,
      @Nullable X509Certificate certificate,
      AdminAccess access) {
    String uri = request.uri();
    int mark = uri.indexOf('?');
    return new AdminRequest(
        request.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : request.method(),
        mark < 0 ? uri : uri.substring(0, mark),
        mark < 0 ? null : uri.substring(mark + 1),
        request.headers(),
        HttpUtil.isContentLengthSet(request),
        request.content().toString(StandardCharsets.UTF_8),
        peer,
        certificate,
        access);
  }

  boolean isChange() {
    return !method.equals(HttpMethod.GET);
  }
}
