package parley.gateway.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import parley.keys.audit.AuditTrail;
import parley.mikey.identity.Identity;

/// Shows what was done to the gateway, and who was not let in. Confined to whoever scrapes.
final class AdminMetrics {
  private final AdminServices services;
  private final AdminCounters counters;
  private final LiveAccess access;
  private final MeterRegistry registry;
  private final Set<Object> bound = new HashSet<>();

  AdminMetrics(AdminServices services, LiveAccess access, MeterRegistry registry) {
    this.services = services;
    this.counters = services.control().counters();
    this.access = access;
    this.registry = registry;
    bindReload();
    bindDrain();
    bindAccess();
    refresh();
  }

  /// Binds what has come since: groups and statuses. Meters of groups that are gone are taken away
  /// by [GatewayMetrics]; here they are forgotten, so that they may come again.
  void refresh() {
    List<GroupStatus> groups = services.status().groups();
    Set<Identity> now = new HashSet<>();
    groups.forEach(group -> now.add(group.group()));
    bound.removeIf(key -> key instanceof Identity group && !now.contains(group));
    for (GroupStatus group : groups) {
      if (bound.add(group.group())) {
        bindMuted(group.group());
      }
    }
    for (int status : counters.statuses()) {
      if (bound.add(status)) {
        counter(
            "parley.admin.requests",
            "requests answered by the admin server",
            Tags.of("status", String.valueOf(status)),
            c -> c.answers(status));
      }
    }
  }

  private void bindReload() {
    counter("parley.reloads", "reloads", Tags.of("result", "done"), AdminCounters::reloads);
    counter(
        "parley.reloads", "reloads", Tags.of("result", "refused"), AdminCounters::refusedReloads);
    Gauge.builder("parley.reload.last.seconds", counters, c -> seconds(c.reloadedAt()))
        .description("when the last reload was done, in seconds since 1970; absent before")
        .register(registry);
    Gauge.builder("parley.reload.refused", counters, c -> c.isReloadRefused() ? 1 : 0)
        .description("1 while the last reload was refused: what runs is not what the file says")
        .register(registry);
  }

  private void bindDrain() {
    for (DrainStatus.State state : DrainStatus.State.values()) {
      Gauge.builder(
              "parley.drain", services.control(), c -> c.drainStatus().state() == state ? 1 : 0)
          .description("1 for the state that holds")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private void bindAccess() {
    for (AccessFailure failure : AccessFailure.values()) {
      counter(
          "parley.admin.refused",
          "requests and connections that were not let in",
          Tags.of("reason", failure.label()),
          c -> c.refusals(failure));
    }
    FunctionCounter.builder(
            "parley.audit.failures", services.control().audit(), AuditTrail::failures)
        .description("acts that could not be noted in the audit log, and seals that failed")
        .register(registry);
    Gauge.builder("parley.admin.certificate.left.seconds", access, this::certificateLeft)
        .description("until the certificate of the admin server expires; absent without TLS")
        .register(registry);
  }

  private void bindMuted(Identity group) {
    Gauge.builder("parley.muted.talkers", counters, c -> c.muted(group))
        .description("talkers of whom nothing is relayed")
        .tag("group", group.uri())
        .register(registry);
  }

  private void counter(String name, String says, Tags tags, ToDoubleFunction<AdminCounters> value) {
    FunctionCounter.builder(name, counters, value).description(says).tags(tags).register(registry);
  }

  private double certificateLeft(LiveAccess live) {
    InstantSource clock = services.clock();
    return live.present()
        .left(clock.instant())
        .map(Duration::toSeconds)
        .map(Long::doubleValue)
        .orElse(Double.NaN);
  }

  private static double seconds(@Nullable Instant at) {
    return at == null ? Double.NaN : at.toEpochMilli() / 1e3;
  }
}
