package parley.gateway.kms;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.HttpMeters;
import parley.gateway.admin.LiveAccess;
import parley.gateway.admin.Readiness;
import parley.gateway.admin.RoleContent;
import parley.keys.audit.AuditTrail;
import parley.keys.http.HttpCounters;
import parley.keys.http.ServerTls;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.kms.registry.KmsUser;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;

/// What the admin server of a KMS shows and does.
final class KmsAdmin {
  static final String HTTPS = "https";

  private static final Identity NOBODY = new Identity("sip:nobody@invalid");

  private final KmsCertificate kms;
  private final KmsRegistry registry;
  private final KmsCounters counters;
  private final Map<String, HttpCounters> ports;
  private final @Nullable KmsPush push;
  private final Supplier<ServerTls> tls;
  private final InstantSource clock;

  /// @param ports by name, `https` and perhaps others
  /// @param push calls users; null where nothing does, and stays the caller's
  /// @param tls the certificate of `https` of now
  KmsAdmin(
      KmsCertificate kms,
      KmsRegistry registry,
      KmsCounters counters,
      Map<String, HttpCounters> ports,
      @Nullable KmsPush push,
      Supplier<ServerTls> tls,
      InstantSource clock) {
    this.kms = kms;
    this.registry = registry;
    this.counters = counters;
    this.ports = Map.copyOf(ports);
    this.push = push;
    this.tls = tls;
    this.clock = clock;
  }

  RoleContent content(String version, LiveAccess access, AuditTrail audit) {
    var content =
        new RoleContent("kms", version, this::readiness, this::bind, access, audit, clock);
    KmsPush calls = push;
    if (calls != null) {
      var _ =
          content.act(
              "POST",
              "/users/{id}/push",
              "push",
              (_, segments) -> calls.called(known(segments.getFirst())));
    }
    return content
        .view("/kms", _ -> view())
        .view("/users/{id}", segments -> user(segments.getFirst()))
        .act(
            "PUT", "/users/{id}/revocation", "revoke", (_, segments) -> revoke(segments.getFirst()))
        .act(
            "DELETE",
            "/users/{id}/revocation",
            "reinstate",
            (_, segments) -> reinstate(segments.getFirst()));
  }

  Readiness readiness() {
    List<String> missing = new ArrayList<>();
    try {
      var _ = registry.users().find(NOBODY);
    } catch (StoreException e) {
      missing.add("the tables cannot be read: " + e.getMessage());
    }
    Instant expiry = tls.get().expiry();
    if (clock.instant().isAfter(expiry)) {
      missing.add(
          "the certificate of https expired at %s; renew it and send SIGHUP".formatted(expiry));
    }
    return new Readiness(missing);
  }

  private void bind(MeterRegistry meters) {
    Gauge.builder("parley.ready", () -> readiness().isReady() ? 1 : 0)
        .description("1 while the KMS does its job")
        .register(meters);
    counters.bindTo(meters);
    ports.forEach((name, port) -> HttpMeters.bind(meters, name, port));
    HttpMeters.bindCertificate(meters, HTTPS, () -> tls.get().expiry(), clock);
  }

  private Map<String, ?> view() {
    KeyPeriod period = kms.periodAt(clock.instant());
    var view = new LinkedHashMap<String, Object>();
    view.put("uri", kms.kmsUri());
    view.put("userIdFormat", kms.userIdFormat().name());
    view.put("period", period.number());
    view.put("periodUntil", period.until().toString());
    view.put("keySets", counters.keySets());
    return view;
  }

  private Map<String, ?> user(String uri) throws ControlRefused {
    KmsUser user = known(uri);
    var view = new LinkedHashMap<String, Object>();
    view.put("identity", user.identity().uri());
    view.put("homeKms", user.homeKms());
    view.put("revoked", user.revoked());
    view.put("devices", user.devices().stream().sorted().toList());
    view.put("manages", user.managed().stream().map(Identity::uri).sorted().toList());
    return view;
  }

  private KmsUser known(String uri) throws ControlRefused {
    try {
      return registry
          .users()
          .find(new Identity(uri))
          .orElseThrow(
              () -> new ControlRefused(ControlRefused.Kind.UNKNOWN, uri + " is no user here"));
    } catch (IllegalArgumentException _) {
      throw new ControlRefused(ControlRefused.Kind.UNKNOWN, uri + " is no identity");
    } catch (StoreException e) {
      throw unavailable(e);
    }
  }

  private static ControlRefused unavailable(StoreException e) {
    return new ControlRefused(
        ControlRefused.Kind.UNAVAILABLE, String.valueOf(e.getMessage()), List.of(), e);
  }

  private Map<String, ?> revoke(String uri) throws ControlRefused {
    KmsUser user = known(uri);
    try {
      var _ = registry.users().revoke(user.identity(), "by the operator");
    } catch (StoreException e) {
      throw unavailable(e);
    }
    return Map.of("identity", uri, "revoked", true);
  }

  private Map<String, ?> reinstate(String uri) throws ControlRefused {
    KmsUser user = known(uri);
    try {
      var _ = registry.users().reinstate(user.identity());
    } catch (StoreException e) {
      throw unavailable(e);
    }
    return Map.of("identity", uri, "revoked", false);
  }
}
