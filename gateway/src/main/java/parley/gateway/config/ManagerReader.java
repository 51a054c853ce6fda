package parley.gateway.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.keys.manager.DeliveryPace;
import parley.keys.manager.GmkPlan;
import parley.mikey.identity.Identity;

/// Reads `manager.yaml`; each method one block of it.
final class ManagerReader {
  private static final InetSocketAddress LISTEN = Addresses.server("0.0.0.0:2269");
  private static final InetSocketAddress HTTPS = Addresses.server("0.0.0.0:8447");
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MOST_PER_SECOND = 100_000;

  private final ConfigFolder folder;
  private final ServerReader servers;

  ManagerReader(ConfigFolder folder) {
    this.folder = folder;
    this.servers = new ServerReader(folder);
  }

  /// Null, or incomplete, where a finding was recorded.
  @Nullable ManagerConfig read(Setting root) {
    Section top = root.section("vault", "kms", "listen", "https", "admin", "audit", "groups");
    VaultConfig vault = VaultReader.read(top, folder);
    ManagerKmsConfig kms = KmsReader.ofManager(top, folder);
    InetSocketAddress listen = top.value("listen", Addresses::server, LISTEN);
    HttpsConfig https = top.has("https") ? servers.https(top, "https", HTTPS, false) : null;
    var operation = new OperationReader(folder, top);
    AdminConfig admin = top.has("admin") ? operation.admin() : null;
    List<ManagedGroupConfig> groups = groups(top);
    return vault == null
        ? null
        : new ManagerConfig(
            vault, kms, listen, https, admin, operation.audit(auditFile(vault)), groups);
  }

  /// Called like the vault, which no two managers have open: nor may they write one audit log.
  private Path auditFile(VaultConfig vault) {
    return folder.path("audit/" + vault.file().getFileName() + ".log");
  }

  private List<ManagedGroupConfig> groups(Section top) {
    if (!top.has("groups")) {
      top.setting().absent("groups").wrong("is missing; a manager manages one group or more");
    }
    List<ManagedGroupConfig> groups = new ArrayList<>();
    Set<Identity> seen = new HashSet<>();
    for (Setting item : top.items("groups")) {
      ManagedGroupConfig group = group(item);
      if (group != null && !seen.add(group.id())) {
        item.wrong(group.id() + " is listed twice; keep one");
      } else if (group != null) {
        groups.add(group);
      }
    }
    Setting list = top.find("groups");
    if (list != null && list.isEmptyList()) {
      list.wrong("names no group; a manager manages one or more");
    }
    return groups;
  }

  private @Nullable ManagedGroupConfig group(Setting item) {
    Section group = item.section("id", "manager-identity", "members", "gmk", "pace", "ways");
    Identity id = group.required("id", Identity::new, "sip:fire-ops@example.org");
    Identity manager = group.optional("manager-identity", Identity::new);
    Path members = group.required("members", folder::readableFile, "members-fire-ops.yaml");
    GmkPlan plan = plan(group);
    DeliveryPace pace = pace(group);
    Map<Identity, Way> ways = ways(group);
    return id == null || members == null
        ? null
        : new ManagedGroupConfig(id, manager, members, plan, pace, ways);
  }

  /// `gmk: on-demand`, or a mapping; a week each where nothing is said.
  private static GmkPlan plan(Section group) {
    Setting found = group.find("gmk");
    if (found == null) {
      return new GmkPlan(WEEK, DAY, HOUR);
    }
    if (!found.isMapping()) {
      var _ = found.as(Values.oneOf("on-demand"));
      return GmkPlan.ON_DEMAND;
    }
    Section gmk = found.section("every", "ahead", "overlap");
    Duration every = gmk.value("every", span(Duration.ofSeconds(1)), WEEK);
    Duration byDefault = every.compareTo(WEEK) < 0 ? every.dividedBy(7) : DAY;
    Duration ahead = gmk.value("ahead", span(Duration.ZERO), byDefault);
    Duration overlap = gmk.value("overlap", span(Duration.ZERO), HOUR);
    if (ahead.compareTo(every) >= 0) {
      gmk.setting()
          .absent("ahead")
          .wrong("is no less than every; a GMK is made ahead within the time of the one before");
      return GmkPlan.ON_DEMAND;
    }
    return new GmkPlan(every, ahead, overlap);
  }

  private static Function<String, Duration> span(Duration lowest) {
    return Values.duration(lowest, LONGEST);
  }

  private static DeliveryPace pace(Section group) {
    DeliveryPace byDefault = DeliveryPace.DEFAULT;
    Setting found = group.find("pace");
    if (found == null) {
      return byDefault;
    }
    Section pace = found.section("per-second", "first", "longest");
    Duration first =
        pace.value("first", Values.duration(Duration.ofMillis(100), HOUR), byDefault.first());
    Duration longest =
        pace.value("longest", Values.duration(Duration.ofMillis(100), DAY), byDefault.longest());
    if (longest.compareTo(first) < 0) {
      found.wrong("repeats after longest at the latest; that is less than first");
      return byDefault;
    }
    int perSecond =
        pace.value("per-second", Values.integer(1, MOST_PER_SECOND), byDefault.perSecond());
    return new DeliveryPace(perSecond, first, longest);
  }

  private Map<Identity, Way> ways(Section group) {
    Map<Identity, Way> ways = new LinkedHashMap<>();
    Setting found = group.find("ways");
    if (found == null) {
      return ways;
    }
    for (Named<String> entry : found.entries()) {
      Identity ue = member(entry);
      Way way =
          entry.setting().isMapping() ? server(entry.setting()) : entry.setting().as(this::way);
      if (ue != null && way != null) {
        ways.put(ue, way);
      }
    }
    return new HashMap<>(ways);
  }

  private static @Nullable Identity member(Named<String> entry) {
    try {
      return new Identity(entry.value());
    } catch (IllegalArgumentException e) {
      entry.setting().wrong(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /// `{url: https://..., ca: ...}`.
  private @Nullable Way server(Setting setting) {
    PeerConfig server = servers.peer(setting, "https://10.0.0.7:8443/mikey");
    return server == null ? null : new Way.Https(server);
  }

  private Way way(String text) {
    URI uri = Values.way(text);
    return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "udp" -> new Way.Udp(Addresses.destination(text.substring("udp://".length())));
      case "sms" -> new Way.Sms(folder.directory(uri.getSchemeSpecificPart()));
      case "file" -> new Way.Folder(folder.directory(uri.getSchemeSpecificPart()));
      case "https" -> new Way.Https(new PeerConfig(uri, null, null, null));
      default -> new Way.Http(uri);
    };
  }
}
