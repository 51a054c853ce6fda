package parley.keys.gba;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.Site;
import parley.keys.http.TlsPeer;

/// The JDK's HTTPS server around a site, on the loopback.
public final class TestHttps implements AutoCloseable {
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// A client's certificate is taken where it shows one.
  public TestHttps(SSLContext tls, Site site) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.setExecutor(threads);
    server.createContext("/", exchange -> serve((HttpsExchange) exchange, site));
    server.start();
  }

  public URI address() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void serve(HttpsExchange exchange, Site site) throws IOException {
    try (exchange) {
      Reply reply = site.answer(request(exchange));
      reply.headers().forEach(h -> exchange.getResponseHeaders().add(h.getKey(), h.getValue()));
      if (!reply.contentType().isEmpty()) {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
      }
      exchange.sendResponseHeaders(
          reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
      exchange.getResponseBody().write(reply.body());
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static Request request(HttpsExchange exchange) throws IOException {
    Map<String, List<String>> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    URI uri = exchange.getRequestURI();
    return new Request(
        exchange.getRequestMethod(),
        uri.getRawPath(),
        uri.getRawQuery(),
        headers,
        exchange.getRequestBody().readAllBytes(),
        exchange.getRemoteAddress(),
        peer(exchange));
  }

  private static TlsPeer peer(HttpsExchange exchange) {
    SSLSession session = exchange.getSSLSession();
    String suite = session.getCipherSuite();
    byte[] ua = UaProtocol.tls(suite).orElseThrow().octets();
    int code = (ua[3] & 0xFF) << 8 | (ua[4] & 0xFF);
    return new TlsPeer(
        session.getProtocol(), suite, code, connection(exchange), certificate(session), null);
  }

  private static long connection(HttpExchange exchange) {
    return exchange.getRemoteAddress().getPort();
  }

  private static @Nullable X509Certificate certificate(SSLSession session) {
    try {
      return (X509Certificate) session.getPeerCertificates()[0];
    } catch (SSLPeerUnverifiedException _) {
      return null;
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
