package parley.gateway.bsf;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.HttpMeters;
import parley.gateway.admin.LiveAccess;
import parley.gateway.admin.Readiness;
import parley.gateway.admin.RoleContent;
import parley.keys.audit.AuditTrail;
import parley.keys.gba.bsf.BsfEvent.Act;
import parley.keys.gba.bsf.BsfEvent.Outcome;
import parley.keys.http.HttpCounters;
import parley.keys.http.ServerTls;
import parley.keys.store.StoreException;

/// What the admin server of a BSF shows and does.
final class BsfAdmin {
  private final BsfStore store;
  private final BsfNotes notes;
  private final Map<String, Port> ports;
  private final InstantSource clock;

  /// An HTTPS port: what it counts, and its certificate of now.
  record Port(HttpCounters counters, Supplier<ServerTls> tls) {}

  /// @param ports by name, `ub` and `zn`
  BsfAdmin(BsfStore store, BsfNotes notes, Map<String, Port> ports, InstantSource clock) {
    this.store = store;
    this.notes = notes;
    this.ports = Map.copyOf(ports);
    this.clock = clock;
  }

  RoleContent content(String version, LiveAccess access, AuditTrail audit) {
    return new RoleContent("bsf", version, this::readiness, this::bind, access, audit, clock)
        .view("/subscribers", _ -> Map.of("subscribers", counted(() -> store.hss().count())))
        .view("/sessions", _ -> Map.of("sessions", counted(() -> store.bsf().sessions())))
        .act(
            "DELETE",
            "/subscribers/{impi}",
            "remove subscriber",
            (_, segments) -> remove(segments.getFirst()))
        .act(
            "DELETE",
            "/subscribers/{impi}/sessions",
            "end sessions",
            (_, segments) -> endSessions(segments.getFirst()));
  }

  Readiness readiness() {
    List<String> missing = new ArrayList<>();
    try {
      store.requireReachable();
    } catch (StoreException e) {
      missing.add(String.valueOf(e.getMessage()));
    }
    Instant now = clock.instant();
    ports.forEach((name, port) -> {
      Instant expiry = port.tls.get().expiry();
      if (now.isAfter(expiry)) {
        missing.add("the certificate of %s expired at %s; renew it".formatted(name, expiry));
      }
    });
    return new Readiness(missing.stream().sorted().toList());
  }

  private void bind(MeterRegistry registry) {
    Gauge.builder("parley.ready", () -> readiness().isReady() ? 1 : 0)
        .description("1 while the BSF does its job")
        .register(registry);
    ports.forEach((name, port) -> {
      HttpMeters.bind(registry, name, port.counters);
      HttpMeters.bindCertificate(registry, name, () -> port.tls.get().expiry(), clock);
    });
    for (Act act : Act.values()) {
      for (Outcome outcome : Outcome.values()) {
        FunctionCounter.builder("parley.bsf.acts", notes, n -> n.counted(act, outcome))
            .description("bootstraps, resynchronisations, keys for NAFs and pushes")
            .tag("act", BsfNotes.label(act))
            .tag("outcome", BsfNotes.label(outcome))
            .register(registry);
      }
    }
  }

  /// What the tables are asked.
  private interface Question<T> {
    T ask() throws StoreException;
  }

  private static <T> T counted(Question<T> question) throws ControlRefused {
    try {
      return question.ask();
    } catch (StoreException e) {
      throw new ControlRefused(
          ControlRefused.Kind.UNAVAILABLE, String.valueOf(e.getMessage()), List.of(), e);
    }
  }

  private Map<String, ?> remove(String impi) throws ControlRefused {
    if (!counted(() -> store.bsf().remove(impi))) {
      throw new ControlRefused(ControlRefused.Kind.UNKNOWN, impi + " is no subscriber");
    }
    return Map.of("removed", impi);
  }

  private Map<String, ?> endSessions(String impi) throws ControlRefused {
    return Map.of("ended", counted(() -> store.bsf().endSessions(impi)));
  }
}
