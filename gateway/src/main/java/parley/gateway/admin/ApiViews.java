package parley.gateway.admin;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// Views as the objects of the control API. What they are called here is described in
/// `openapi.json`.
final class ApiViews {
  private ApiViews() {}

  static Map<String, Object> summary(GroupView group) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("id", group.id().uri());
    fields.put("bridges", uris(group.bridges()));
    fields.put("legs", group.legs().size());
    fields.put("faultyLegs", group.legs().stream().filter(leg -> leg.fault() != null).count());
    fields.put("bursts", group.bursts().size());
    fields.put("muted", uris(group.muted()));
    fields.put(
        "gmk",
        group.gmks().stream()
            .filter(gmk -> gmk.state().equals("current"))
            .findFirst()
            .map(ApiViews::gmk)
            .orElse(null));
    return fields;
  }

  static Map<String, Object> details(GroupView group) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("id", group.id().uri());
    fields.put("bridges", uris(group.bridges()));
    fields.put("legs", legs(group));
    fields.put("bursts", bursts(group));
    fields.put("talkers", talkers(group));
    fields.put("gmks", gmks(group));
    fields.put("muted", uris(group.muted()));
    return fields;
  }

  static List<Map<String, Object>> legs(GroupView group) {
    return group.legs().stream().map(ApiViews::leg).toList();
  }

  private static Map<String, Object> leg(GroupView.LegView leg) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", leg.name());
    fields.put("direction", leg.direction());
    fields.put("packets", leg.packets());
    fields.put("octets", leg.octets());
    fields.put("receiveFull", leg.receiveFull());
    fields.put("fault", leg.fault());
    return fields;
  }

  static List<Map<String, Object>> receivers(GroupView group) {
    return group.receivers().stream().map(ApiViews::receiver).toList();
  }

  private static Map<String, Object> receiver(GroupView.ReceiverView receiver) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("address", receiver.address());
    fields.put("by", receiver.by());
    fields.put("member", receiver.member() == null ? null : receiver.member().uri());
    fields.put("since", time(receiver.since()));
    return fields;
  }

  static List<Map<String, Object>> bursts(GroupView group) {
    return group.bursts().stream().map(ApiViews::burst).toList();
  }

  private static Map<String, Object> burst(GroupView.BurstView burst) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("csbId", hex(burst.csbId()));
    fields.put("speaker", burst.speaker());
    fields.put("talker", burst.talker().uri());
    fields.put("own", burst.own());
    fields.put("profile", burst.profile());
    fields.put("startedAt", time(burst.startedAt()));
    fields.put("lastPacketAt", time(burst.lastPacketAt()));
    fields.put("packets", burst.packets());
    fields.put("octets", burst.octets());
    fields.put("disputed", burst.disputed());
    fields.put("muted", burst.muted());
    return fields;
  }

  /// Whoever speaks now, and whoever is muted.
  static List<Map<String, Object>> talkers(GroupView group) {
    var talkers = new TreeMap<Identity, Map<String, Object>>();
    for (GroupView.BurstView burst : group.bursts()) {
      talkers
          .computeIfAbsent(burst.talker(), talker -> talker(talker, group))
          .merge("bursts", 1, (a, b) -> (int) a + (int) b);
    }
    group.muted().forEach(muted -> talkers.computeIfAbsent(muted, m -> talker(m, group)));
    return List.copyOf(talkers.values());
  }

  private static Map<String, Object> talker(Identity talker, GroupView group) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("talker", talker.uri());
    fields.put("bursts", 0);
    fields.put("muted", group.muted().contains(talker));
    return fields;
  }

  static List<Map<String, Object>> gmks(GroupView group) {
    return group.gmks().stream().map(ApiViews::gmk).toList();
  }

  private static Map<String, Object> gmk(GroupView.GmkView gmk) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("gmkId", hex(gmk.gmkId()));
    fields.put("state", gmk.state());
    fields.put("issued", time(gmk.issued()));
    fields.put("activation", time(gmk.activation()));
    fields.put("expiry", time(gmk.expiry()));
    return fields;
  }

  static Map<String, Object> reload(ReloadReport report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("added", uris(report.added()));
    fields.put("removed", uris(report.removed()));
    fields.put("changed", uris(report.changed()));
    fields.put("unchanged", uris(report.unchanged()));
    fields.put("changes", report.changes());
    return fields;
  }

  static Map<String, Object> drain(DrainStatus drain) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put(
        "state",
        switch (drain.state()) {
          case RUNNING -> "running";
          case DRAINING -> "draining";
          case DRAINED -> "drained";
        });
    fields.put("since", time(drain.since()));
    fields.put("deadline", time(drain.deadline()));
    fields.put("bursts", drain.bursts());
    return fields;
  }

  static Map<String, Object> recorder(@Nullable RecorderStatus recorder) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("recording", recorder != null);
    fields.put("queuedOctets", recorder == null ? 0 : recorder.queuedOctets());
    fields.put("capacityOctets", recorder == null ? 0 : recorder.capacityOctets());
    fields.put("lost", recorder == null ? 0 : recorder.lost());
    return fields;
  }

  static List<String> uris(List<Identity> identities) {
    return identities.stream().map(Identity::uri).toList();
  }

  private static String hex(int id) {
    return "%08x".formatted(id);
  }

  /// Null for a time that is open.
  private static @Nullable String time(@Nullable Instant time) {
    boolean isOpen = time == null || time.equals(Instant.MIN) || time.equals(Instant.MAX);
    return isOpen ? null : String.valueOf(time);
  }
}
