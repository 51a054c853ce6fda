package parley.bench.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Asks a gateway's admin server steadily and notes how long its answers take.
///
/// A question counts from when it was due, not from when it was asked: one that had to wait for the
/// answer before it has waited as well. So whatever keeps this process from asking is in it too.
final class AdminProbe {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int DIGITS = 3;

  /// One path, and what came back. Written by its own thread, read when that has ended.
  private static final class Route {
    private final String path;
    private final HttpRequest question;
    private final Histogram nanos = new Histogram(DIGITS);
    private int unanswered;

    Route(String path, int port) {
      this.path = path;
      this.question =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
              .timeout(PATIENCE)
              .build();
    }

    void ask(HttpClient client, long dueNanos) throws InterruptedException {
      try {
        unanswered += client.send(question, BodyHandlers.discarding()).statusCode() == 200 ? 0 : 1;
      } catch (IOException _) {
        unanswered++;
      }
      nanos.recordValue(Math.max(0, System.nanoTime() - dueNanos));
    }

    String told() {
      return String.format(
          Locale.ROOT,
          "%s p50 %.1f ms, max %.1f ms (%d questions%s)",
          path,
          nanos.getValueAtPercentile(50) / 1e6,
          nanos.getMaxValue() / 1e6,
          nanos.getTotalCount(),
          unanswered == 0 ? "" : ", %d without an answer".formatted(unanswered));
    }
  }

  /// What is done while it asks.
  @FunctionalInterface
  interface Work<T> {
    T call() throws Exception;
  }

  private final List<Route> routes;
  private volatile boolean isAsking;

  /// `/healthz`, which the loop of the admin server answers, and the groups, for which each media
  /// loop is asked.
  AdminProbe(int port) {
    this(port, List.of("/healthz", "/api/v1/groups"));
  }

  AdminProbe(int port, List<String> paths) {
    routes = paths.stream().map(path -> new Route(path, port)).toList();
  }

  /// Asks until `work` is done; all questions of all times are counted together.
  <T> T during(Work<T> work) throws Exception {
    isAsking = true;
    List<Thread> threads = new ArrayList<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (Route route : routes) {
        threads.add(Thread.ofPlatform().name("admin-probe").start(() -> ask(route, client)));
      }
      try {
        return work.call();
      } finally {
        isAsking = false;
        for (Thread thread : threads) {
          thread.join();
        }
      }
    }
  }

  private void ask(Route route, HttpClient client) {
    try {
      for (long due = System.nanoTime(); isAsking; due += PERIOD_NANOS) {
        LockSupport.parkNanos(due - System.nanoTime());
        route.ask(client, due);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  boolean hasAsked() {
    return routes.stream().anyMatch(route -> route.nanos.getTotalCount() > 0);
  }

  /// How many questions waited longer.
  long slowerThanMillis(int millis) {
    long bound = TimeUnit.MILLISECONDS.toNanos(millis);
    return routes.stream()
        .mapToLong(
            route -> route.nanos.getTotalCount() - route.nanos.getCountBetweenValues(0, bound))
        .sum();
  }

  /// One line: median and longest of each path.
  String told() {
    return String.join("; ", routes.stream().map(Route::told).toList());
  }
}
