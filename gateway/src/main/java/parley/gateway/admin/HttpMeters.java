package parley.gateway.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import parley.keys.http.HttpCounters;

/// The counters of an HTTPS port as meters, and how long its certificate is good; read when they
/// are scraped.
public final class HttpMeters {
  private static final int LOWEST = 2;
  private static final int HIGHEST = 5;

  private final MeterRegistry registry;
  private final String port;
  private final HttpCounters counters;

  private HttpMeters(MeterRegistry registry, String port, HttpCounters counters) {
    this.registry = registry;
    this.port = port;
    this.counters = counters;
  }

  /// @param port its name, the value of the tag `port`
  public static void bind(MeterRegistry registry, String port, HttpCounters counters) {
    new HttpMeters(registry, port, counters).bind();
  }

  /// @param expiry of the certificate that the port has now
  public static void bindCertificate(
      MeterRegistry registry, String port, Supplier<Instant> expiry, InstantSource clock) {
    Gauge.builder(
            "parley.https.certificate.left.seconds",
            () -> Duration.between(clock.instant(), expiry.get()).toSeconds())
        .description("until the certificate of this port expires")
        .tag("port", port)
        .register(registry);
  }

  private void bind() {
    builder("parley.https.connections", "connections that were let in", HttpCounters::connections)
        .register(registry);
    refused("connection", HttpCounters::refusedConnections);
    refused("handshake", HttpCounters::failedHandshakes);
    refused("timeout", HttpCounters::timeouts);
    refused("malformed", HttpCounters::malformed);
    refused("overload", HttpCounters::overload);
    refused("failure", HttpCounters::failures);
    for (int hundreds = LOWEST; hundreds <= HIGHEST; hundreds++) {
      int digit = hundreds;
      builder("parley.https.answers", "answers", c -> c.answers(digit))
          .tag("status", digit + "xx")
          .register(registry);
    }
  }

  private void refused(String reason, ToDoubleFunction<HttpCounters> count) {
    builder("parley.https.refused", "connections and requests that got no answer of a site", count)
        .tag("reason", reason)
        .register(registry);
  }

  private FunctionCounter.Builder<HttpCounters> builder(
      String name, String description, ToDoubleFunction<HttpCounters> count) {
    return FunctionCounter.builder(name, counters, count)
        .description(description)
        .tag("port", port);
  }
}
