package parley.bench.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Waits at a role's admin server until it answers.
final class AdminDoor {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private AdminDoor() {}

  static void await(int port, ChildProcess server, Duration most)
      throws IOException, InterruptedException, Unavailable {
    HttpRequest question =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(port)))
            .timeout(most)
            .build();
    long deadline = System.nanoTime() + most.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline) {
        if (!server.isAlive()) {
          throw new Unavailable("the server ended: " + server.lastWords());
        }
        if (answers(client, question)) {
          return;
        }
        Thread.sleep(PAUSE);
      }
    }
    throw new Unavailable("the server does not answer: " + server.lastWords());
  }

  private static boolean answers(HttpClient client, HttpRequest question)
      throws InterruptedException {
    try {
      return client.send(question, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }
}
