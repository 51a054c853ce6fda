package parley.gateway.manager;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.HttpMeters;
import parley.gateway.admin.LiveAccess;
import parley.gateway.admin.Readiness;
import parley.gateway.admin.RoleContent;
import parley.keys.audit.AuditTrail;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.mikey.identity.Identity;

/// What the admin server of a manager shows and does.
final class ManagerAdmin {
  private final ManagerGroups groups;
  private final ManagerDesk desk;
  private final ManagerCounters counters;
  private final @Nullable ManagerPort port;
  private final InstantSource clock;

  /// @param port null without HTTPS
  ManagerAdmin(
      ManagerGroups groups,
      ManagerDesk desk,
      ManagerCounters counters,
      @Nullable ManagerPort port,
      InstantSource clock) {
    this.groups = groups;
    this.desk = desk;
    this.counters = counters;
    this.port = port;
    this.clock = clock;
  }

  RoleContent content(String version, LiveAccess access, AuditTrail audit) {
    return new RoleContent("manager", version, this::readiness, this::bind, access, audit, clock)
        .view("/groups", _ -> Map.of("groups", desk.groups()))
        .view("/groups/{group}", path -> shown(desk.report(path.getFirst())))
        .view(
            "/groups/{group}/members",
            path -> shown(path.getFirst(), desk.members(path.getFirst())))
        .view(
            "/groups/{group}/signed-members",
            path -> Map.of("signed", desk.signedMembers(path.getFirst())))
        .act(
            "PUT",
            "/groups/{group}/members/{member}/{may}",
            "put member",
            (_, path) ->
                shown(
                    path.getFirst(),
                    desk.put(path.getFirst(), path.get(1), permissions(path.get(2)))))
        .act(
            "DELETE",
            "/groups/{group}/members/{member}",
            "exclude",
            (_, path) -> shown(path.getFirst(), desk.exclude(path.getFirst(), path.get(1))))
        .act(
            "POST",
            "/groups/{group}/rekey",
            "rekey",
            (_, path) -> shown(desk.rekey(path.getFirst())))
        .act(
            "POST",
            "/groups/{group}/dissolve",
            "dissolve",
            (_, path) -> shown(desk.dissolve(path.getFirst())));
  }

  private static Map<String, ?> shown(GroupReport report) {
    return Map.of("group", report.group(), "dissolved", report.dissolved(), "gmks", report.gmks());
  }

  static Map<String, ?> shown(String group, MemberList list) {
    List<Map<String, ?>> members = new ArrayList<>();
    list.members()
        .forEach(member ->
            members.add(
                Map.of(
                    "identity",
                    member.identity().uri(),
                    "may",
                    member.permissions().stream().sorted().map(Permission::word).toList())));
    var shown = new LinkedHashMap<String, Object>();
    shown.put("group", group);
    shown.put("members", members);
    return shown;
  }

  /// `talk,listen`.
  static Set<Permission> permissions(String words) throws ControlRefused {
    var permissions = EnumSet.noneOf(Permission.class);
    for (String word : words.split(",", -1)) {
      permissions.add(
          Permission.withWord(word)
              .orElseThrow(() ->
                  new ControlRefused(
                      ControlRefused.Kind.INVALID,
                      "there is no such permission; talk, listen, relay and manage are joined by"
                          + " commas")));
    }
    return permissions;
  }

  Readiness readiness() {
    List<String> missing = new ArrayList<>();
    for (Identity signer : groups.signersWithoutKeys()) {
      missing.add("there are no keys of %s for this key period; enrol it".formatted(signer));
    }
    if (port != null) {
      Instant expiry = port.tls().expiry();
      if (clock.instant().isAfter(expiry)) {
        missing.add("the certificate of https expired at %s; renew it".formatted(expiry));
      }
    }
    return new Readiness(missing);
  }

  private void bind(MeterRegistry registry) {
    Gauge.builder("parley.ready", () -> readiness().isReady() ? 1 : 0)
        .description("1 while the manager does its job")
        .register(registry);
    Gauge.builder("parley.manager.unconfirmed", this::unconfirmed)
        .description("members of all groups that have not confirmed the newest GMK")
        .register(registry);
    counters.bindTo(registry);
    if (port != null) {
      ManagerPort https = port;
      HttpMeters.bind(registry, "https", https.counters());
      Gauge.builder(
              "parley.https.certificate.left.seconds",
              () -> Duration.between(clock.instant(), https.tls().expiry()).toSeconds())
          .description("until the certificate of this port expires")
          .tag("port", "https")
          .register(registry);
    }
  }

  private double unconfirmed() {
    try {
      return desk.unconfirmed();
    } catch (ControlRefused _) {
      return Double.NaN;
    }
  }
}
