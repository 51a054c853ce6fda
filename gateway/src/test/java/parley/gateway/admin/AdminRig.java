package parley.gateway.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import parley.gateway.config.AdminConfig;

/// An admin server over a real socket, with a gateway behind it that a test knows.
final class AdminRig implements AutoCloseable {
  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int PATIENCE_MILLIS = 30_000;

  final KnownStatus status = new KnownStatus();
  final KnownControl control = new KnownControl();
  final KnownAudit audit = new KnownAudit();
  final LiveAccess access;
  final AdminServer server;
  final HttpClient client = HttpClient.newHttpClient();

  private AdminRig(AdminConfig config, InstantSource clock, Duration patience) throws Exception {
    access = LiveAccess.open(config, clock);
    server =
        AdminServer.start(
            access,
            new AdminServices(status, new AuditedControl(control, audit, clock), "1.2.3", clock),
            patience);
  }

  /// Open to whoever is on this host, at a time that stands still.
  static AdminRig open() throws Exception {
    return new AdminRig(
        AdminConfig.open(ANY_PORT), InstantSource.fixed(KnownStatus.NOW), Duration.ofSeconds(30));
  }

  static AdminRig of(AdminConfig config) throws Exception {
    return new AdminRig(config, InstantSource.system(), Duration.ofSeconds(30));
  }

  /// With a certificate that is good at `clock`'s time.
  static AdminRig at(InstantSource clock, AdminConfig config) throws Exception {
    return new AdminRig(config, clock, Duration.ofSeconds(30));
  }

  static AdminRig impatient(Duration patience) throws Exception {
    return new AdminRig(AdminConfig.open(ANY_PORT), InstantSource.system(), patience);
  }

  int port() {
    return server.local().getPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  HttpResponse<String> ask(String method, String path, String... headers) throws Exception {
    return ask(method, path, HttpRequest.BodyPublishers.noBody(), headers);
  }

  HttpResponse<String> send(String method, String path, String json, String... headers)
      throws Exception {
    return ask(method, path, HttpRequest.BodyPublishers.ofString(json), headers);
  }

  private HttpResponse<String> ask(
      String method, String path, HttpRequest.BodyPublisher body, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).method(method, body);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  /// Everything that comes back to these octets until the server ends the connection.
  String raw(String request) throws IOException {
    try (var socket = new Socket(server.local().getAddress(), port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
