package parley.gateway.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import parley.keys.audit.AuditTrail;

/// What a role has behind its admin server. Any thread.
interface AdminContent extends AutoCloseable {
  /// For the content type of a scrape (the text format, 0.0.4).
  String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  Readiness readiness();

  /// Where its meters are; what has come since is bound before it is scraped.
  PrometheusMeterRegistry meters();

  /// Everything below `/api/v1`.
  List<ApiRoute> routes();

  /// The OpenAPI description of that, JSON.
  String description();

  AdminCounters counters();

  AuditTrail audit();

  InstantSource clock();

  @Override
  void close();
}
