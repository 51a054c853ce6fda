package parley.gateway.admin;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// What each path of the admin server answers. Confined to the admin thread.
final class AdminPages implements AutoCloseable {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final GatewayStatus status;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final GatewayMetrics metrics;

  AdminPages(GatewayStatus status, InstantSource clock) {
    this.status = status;
    this.metrics = new GatewayMetrics(status, registry, clock);
    JvmMeters.bindTo(registry);
  }

  Answer page(String path) {
    return switch (path) {
      case "/healthz" -> Answer.json(HttpResponseStatus.OK, Map.of("status", "ok"));
      case "/readyz" -> readiness();
      case "/metrics" -> metrics();
      default ->
          Answer.error(
              HttpResponseStatus.NOT_FOUND, "there are /healthz, /readyz and /metrics, no other");
    };
  }

  private Answer readiness() {
    Readiness readiness = status.readiness();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ready", readiness.isReady());
    fields.put("missing", readiness.missing());
    HttpResponseStatus code =
        readiness.isReady() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    return Answer.json(code, fields);
  }

  private Answer metrics() {
    metrics.refresh();
    return Answer.text(PROMETHEUS_TEXT, registry.scrape());
  }

  @Override
  public void close() {
    registry.close();
  }
}
