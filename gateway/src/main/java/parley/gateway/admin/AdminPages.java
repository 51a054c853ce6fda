package parley.gateway.admin;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/// `/healthz`, `/readyz` and `/metrics`. Any thread; scrapes exclude each other.
final class AdminPages implements AutoCloseable {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final GatewayStatus status;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final GatewayMetrics metrics;
  private final AdminMetrics own;

  AdminPages(AdminServices services, LiveAccess access) {
    this.status = services.status();
    this.metrics = new GatewayMetrics(status, registry, services.clock());
    this.own = new AdminMetrics(services, access, registry);
    registry.getPrometheusRegistry().register(new LatencyMetric(status));
    JvmMeters.bindTo(registry);
  }

  Answer health() {
    return Answer.json(HttpResponseStatus.OK, Map.of("status", "ok"));
  }

  Answer readiness() {
    Readiness readiness = status.readiness();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ready", readiness.isReady());
    fields.put("missing", readiness.missing());
    HttpResponseStatus code =
        readiness.isReady() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    return Answer.json(code, fields);
  }

  synchronized Answer metrics() {
    metrics.refresh();
    own.refresh();
    return Answer.text(PROMETHEUS_TEXT, registry.scrape());
  }

  @Override
  public void close() {
    registry.close();
  }
}
