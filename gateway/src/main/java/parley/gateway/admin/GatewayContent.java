package parley.gateway.admin;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import parley.keys.audit.AuditTrail;

/// What a gateway has behind its admin server. Any thread; scrapes exclude each other.
final class GatewayContent implements AdminContent {
  private final AdminServices services;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final GatewayMetrics metrics;
  private final AdminMetrics own;
  private final ControlApi api;

  GatewayContent(AdminServices services, LiveAccess access) {
    this.services = services;
    this.metrics = new GatewayMetrics(services.status(), registry, services.clock());
    this.own = new AdminMetrics(services, access, registry);
    this.api = new ControlApi(services.control(), services.status(), services.version());
    registry.getPrometheusRegistry().register(new LatencyMetric(services.status()));
    JvmMeters.bindTo(registry);
  }

  @Override
  public Readiness readiness() {
    return services.status().readiness();
  }

  @Override
  public synchronized PrometheusMeterRegistry meters() {
    metrics.refresh();
    own.refresh();
    return registry;
  }

  @Override
  public List<ApiRoute> routes() {
    return api.routes();
  }

  @Override
  public String description() {
    return api.description();
  }

  @Override
  public AdminCounters counters() {
    return services.control().counters();
  }

  @Override
  public AuditTrail audit() {
    return services.control().audit();
  }

  @Override
  public InstantSource clock() {
    return services.clock();
  }

  @Override
  public void close() {
    registry.close();
  }
}
