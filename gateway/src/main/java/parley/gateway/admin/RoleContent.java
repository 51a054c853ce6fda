package parley.gateway.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import parley.keys.audit.AuditTrail;
import tools.jackson.databind.json.JsonMapper;

/// What a KMS, a BSF or a group manager has behind its admin server: readiness, meters, views and
/// acts, described by itself.
///
/// Every act is noted, [NotedActs].
public final class RoleContent implements AdminContent {
  /// What an operator sees; the segments in braces of its path, decoded, in their order.
  @FunctionalInterface
  public interface View {
    Map<String, ?> of(List<String> segments) throws ControlRefused;
  }

  /// What an operator does. `actor` is who it is, for the log of acts.
  @FunctionalInterface
  public interface Act {
    Map<String, ?> by(String actor, List<String> segments) throws ControlRefused;
  }

  private final String role;
  private final Supplier<Readiness> readiness;
  private final AuditTrail audit;
  private final NotedActs acts;
  private final InstantSource clock;
  private final AdminCounters counters = new AdminCounters();
  private final List<ApiRoute> routes = new ArrayList<>();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /// @param role `kms`, `bsf`, `manager`
  /// @param meters binds what the role counts
  public RoleContent(
      String role,
      String version,
      Supplier<Readiness> readiness,
      Consumer<MeterRegistry> meters,
      LiveAccess access,
      AuditTrail audit,
      InstantSource clock) {
    this.role = role;
    this.readiness = readiness;
    this.audit = audit;
    this.acts = new NotedActs(audit);
    this.clock = clock;
    meters.accept(registry);
    JvmMeters.bindTo(registry);
    bind(access);
    view(
        "/version",
        _ -> Map.of("version", version, "java", Runtime.version().toString(), "role", role));
  }

  private void bind(LiveAccess access) {
    for (AccessFailure failure : AccessFailure.values()) {
      FunctionCounter.builder("parley.admin.refused", counters, c -> c.refusals(failure))
          .description("requests and connections that were not let in")
          .tags(Tags.of("reason", failure.label()))
          .register(registry);
    }
    FunctionCounter.builder("parley.audit.failures", audit, AuditTrail::failures)
        .description("acts that could not be noted in the audit log, and seals that failed")
        .register(registry);
    Gauge.builder("parley.admin.certificate.left.seconds", access, this::secondsLeft)
        .description("until the certificate of the admin server expires; absent without TLS")
        .register(registry);
  }

  private double secondsLeft(LiveAccess live) {
    return live.present()
        .left(clock.instant())
        .map(Duration::toSeconds)
        .map(Long::doubleValue)
        .orElse(Double.NaN);
  }

  /// Adds what operators and readers may see; before the server starts.
  public RoleContent view(String template, View view) {
    routes.add(ApiRoute.read(template, (_, _, segments) -> view.of(segments)));
    return this;
  }

  /// Adds what operators may do; before the server starts.
  ///
  /// @param method `POST`, `PUT` or `DELETE`
  /// @param name as in the log of acts
  public RoleContent act(String method, String template, String name, Act act) {
    Set<Integer> more = template.contains("{") ? Set.of(404) : Set.of();
    routes.add(
        ApiRoute.act(
            HttpMethod.valueOf(method),
            template,
            more,
            (_, caller, segments) ->
                acts.take(
                    caller.actor(),
                    name,
                    String.join(" ", segments),
                    () -> act.by(caller.actor(), segments))));
    return this;
  }

  @Override
  public Readiness readiness() {
    return readiness.get();
  }

  @Override
  public PrometheusMeterRegistry meters() {
    return registry;
  }

  @Override
  public List<ApiRoute> routes() {
    return routes;
  }

  /// Made of the routes, so the two cannot differ.
  @Override
  public String description() {
    Map<String, Map<String, Object>> paths = new TreeMap<>();
    for (ApiRoute route : routes) {
      paths
          .computeIfAbsent(route.template(), _ -> new TreeMap<>())
          .put(route.method().name().toLowerCase(Locale.ROOT), operation(route));
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("openapi", "3.1.0");
    whole.put("info", Map.of("title", "parley " + role, "version", "1"));
    whole.put("servers", List.of(Map.of("url", ApiDesk.ROOT)));
    whole.put("paths", paths);
    return JsonMapper.shared().writeValueAsString(whole) + "\n";
  }

  private static Map<String, Object> operation(ApiRoute route) {
    Map<String, Object> responses = new TreeMap<>();
    for (int status : route.statuses()) {
      responses.put(
          String.valueOf(status),
          Map.of("description", status == 200 ? "done" : "refused; the message says why"));
    }
    List<Map<String, Object>> parameters = new ArrayList<>();
    for (String segment : route.template().split("/", -1)) {
      if (segment.startsWith("{")) {
        parameters.add(
            Map.of(
                "name",
                segment.substring(1, segment.length() - 1),
                "in",
                "path",
                "required",
                true,
                "schema",
                Map.of("type", "string")));
      }
    }
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("description", "Role: %s.".formatted(route.role().label()));
    operation.put("parameters", parameters);
    operation.put("responses", responses);
    return operation;
  }

  @Override
  public AdminCounters counters() {
    return counters;
  }

  @Override
  public AuditTrail audit() {
    return audit;
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public void close() {
    registry.close();
  }
}
