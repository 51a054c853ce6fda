package parley.bench.trunk;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// What a gateway has counted of its trunks in one direction.
///
/// @param messages of the kernel, each of one or more frames
record TrunkCount(long frames, long messages) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Asks the gateway whose admin server has this port.
  ///
  /// @param direction `in` or `out`
  static TrunkCount ask(int admin, String direction) throws IOException, InterruptedException {
    HttpRequest question =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(admin)))
            .timeout(PATIENCE)
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(question, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("/metrics answers " + answer.statusCode());
      }
      return of(answer.body(), direction);
    }
  }

  /// Of the Prometheus text.
  static TrunkCount of(String metrics, String direction) {
    return new TrunkCount(
        sum(metrics, "parley_trunk_frames_total", direction),
        sum(metrics, "parley_trunk_messages_total", direction));
  }

  private static long sum(String metrics, String name, String direction) {
    return (long)
        metrics
            .lines()
            .filter(line -> line.startsWith(name + "{"))
            .filter(line -> line.contains("direction=\"%s\"".formatted(direction)))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  TrunkCount since(TrunkCount before) {
    return new TrunkCount(frames - before.frames, messages - before.messages);
  }

  /// Not a number where nothing was counted.
  double framesPerMessage() {
    return messages == 0 ? Double.NaN : (double) frames / messages;
  }
}
