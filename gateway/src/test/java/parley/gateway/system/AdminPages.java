package parley.gateway.system;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/// The admin interface as a monitoring system reads it.
final class AdminPages implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final InetSocketAddress admin;

  AdminPages(InetSocketAddress admin) {
    this.admin = admin;
  }

  HttpResponse<String> page(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + admin.getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  /// The one sample of a metric that has all of these labels, each as `name="value"`.
  double metric(String name, String... labels) throws Exception {
    List<String> samples =
        page("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
            .filter(line -> List.of(labels).stream().allMatch(line::contains))
            .toList();
    if (samples.size() != 1) {
      throw new AssertionError(name + " " + List.of(labels) + " is in " + samples);
    }
    String sample = samples.getFirst();
    return Double.parseDouble(sample.substring(sample.lastIndexOf(' ') + 1));
  }

  @Override
  public void close() {
    client.close();
  }
}
