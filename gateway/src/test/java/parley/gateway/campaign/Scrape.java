package parley.gateway.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The samples of `/metrics` at one moment.
record Scrape(Map<String, Double> samples) {
  Scrape {
    samples = Map.copyOf(samples);
  }

  /// Reads them; on a thread that is in the gateway's network.
  static Scrape of(int adminPort) throws IOException {
    Map<String, Double> samples = new LinkedHashMap<>();
    page(adminPort, "/metrics")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> {
          int space = line.lastIndexOf(' ');
          samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        });
    return new Scrape(samples);
  }

  /// A page that must be there.
  static String page(int adminPort, String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + path);
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestProperty("Connection", "close");
    connection.setConnectTimeout(30_000);
    connection.setReadTimeout(30_000);
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// The sum of a metric's samples that have all of these labels, each as `name="value"`.
  long sum(String name, String... labels) {
    return Math.round(matching(name, labels).mapToDouble(Map.Entry::getValue).sum());
  }

  boolean has(String name, String... labels) {
    return matching(name, labels).findAny().isPresent();
  }

  private Stream<Map.Entry<String, Double>> matching(String name, String... labels) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().startsWith(name + "{") || sample.getKey().equals(name))
        .filter(sample -> List.of(labels).stream().allMatch(sample.getKey()::contains));
  }

  static String label(String name, String value) {
    return name + "=\"" + value + "\"";
  }
}
