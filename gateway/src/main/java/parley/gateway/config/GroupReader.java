package parley.gateway.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.JoinSettings;
import parley.gateway.media.GroupTag;
import parley.gateway.media.Leg;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;

/// Reads one entry of `groups`.
final class GroupReader {
  private static final int MAX_TALKERS = 16;
  private static final int MOST_TALKERS = 1024;
  private static final int MOST_RECEIVERS = 1000;

  /// Longer than one refresh.
  private static final Duration SHORTEST_EXPIRE = Duration.ofSeconds(20);

  private static final Duration PULL = Duration.ofMinutes(1);
  private static final Duration ASK = Duration.ofMinutes(5);
  private static final Duration SHORTEST_ASK = Duration.ofSeconds(2);
  private static final Duration LONGEST_ASK = Duration.ofDays(1);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final MediaPolicy DEFAULT_PROFILE =
      new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);

  private final ConfigFolder folder;
  private final CrossChecks checks;

  GroupReader(ConfigFolder folder, CrossChecks checks) {
    this.folder = folder;
    this.checks = checks;
  }

  /// Null where the group has no identity of its own to be known by.
  @Nullable GroupConfig read(Setting setting) {
    Section group =
        setting.section(
            "id",
            "manager",
            "manager-identity",
            "profiles",
            "members",
            "members-from",
            "listen",
            "relay",
            "record",
            "max-talkers",
            "grace",
            "window",
            "low-latency",
            "receivers");
    Identity id = group.required("id", Identity::new, "sip:fire-ops@example.org");
    CrossChecks.Group known = checks.group(setting, id, group.find("id"));
    ManagerWay manager = manager(group);
    Identity managerIdentity = group.optional("manager-identity", Identity::new);
    Path members = group.optional("members", folder::readableFile);
    HttpsManager membersFrom = membersFrom(group);
    List<MediaPolicy> profiles = profiles(group);
    GroupTag tag = id == null ? null : GroupTag.of(id);
    List<Leg> listen = listen(group, tag, known);
    Destinations relay = relay(group, tag, known);
    boolean record = isRecorded(group);
    int maxTalkers = group.value("max-talkers", Values.integer(1, MOST_TALKERS), MAX_TALKERS);
    Duration grace =
        group.value("grace", Values.duration(Duration.ZERO, Duration.ofHours(1)), GRACE);
    Duration window =
        group.value(
            "window", Values.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)), WINDOW);
    boolean lowLatency = group.value("low-latency", Values::yesOrNo, false);
    JoinSettings receivers = receivers(group, listen);
    if (id == null) {
      return null;
    }
    return new GroupConfig(
        id,
        manager,
        managerIdentity,
        profiles,
        members,
        membersFrom,
        listen,
        relay.legs(),
        relay.bridges(),
        record,
        maxTalkers,
        grace,
        window,
        lowLatency,
        receivers);
  }

  /// `manager: udp://10.0.0.9:2269`, `file:inbox/`, or `{url: https://..., ca: ..., every: 1m}`.
  private @Nullable ManagerWay manager(Section group) {
    Setting found = group.find("manager");
    if (found == null) {
      return null;
    }
    if (!found.isMapping()) {
      return found.as(this::managerWay);
    }
    Section manager = found.section("url", "ca", "certificate", "key", "every", "heard-at");
    HttpsManager asked = asked(manager, PULL);
    InetSocketAddress heardAt = manager.optional("heard-at", Addresses::destination);
    return asked == null ? null : new ManagerWay.Https(asked, heardAt);
  }

  private ManagerWay managerWay(String text) {
    URI uri = Values.manager(text);
    return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "udp" -> new ManagerWay.Udp(uri.getHost(), uri.getPort());
      case "file" -> new ManagerWay.Folder(folder.directory(uri.getSchemeSpecificPart()));
      default -> {
        var server = new PeerConfig(KmsReader.base(text), null, null, null);
        yield new ManagerWay.Https(new HttpsManager(server, PULL), null);
      }
    };
  }

  /// `members-from: {url: https://..., ca: ..., every: 5m}`.
  private @Nullable HttpsManager membersFrom(Section group) {
    Setting found = group.find("members-from");
    if (found == null) {
      return null;
    }
    if (group.has("members")) {
      found.wrong("stands beside members; keep one of them");
    }
    return asked(found.section("url", "ca", "certificate", "key", "every"), ASK);
  }

  private @Nullable HttpsManager asked(Section manager, Duration byDefault) {
    PeerConfig server =
        ServerReader.peer(manager, folder, KmsReader::base, "https://manager.example.org:8447");
    Duration every = manager.value("every", Values.duration(SHORTEST_ASK, LONGEST_ASK), byDefault);
    return server == null ? null : new HttpsManager(server, every);
  }

  private static List<MediaPolicy> profiles(Section group) {
    if (!group.has("profiles")) {
      return List.of(DEFAULT_PROFILE);
    }
    List<MediaPolicy> profiles = new ArrayList<>();
    for (Setting item : group.items("profiles")) {
      MediaPolicy policy = item.as(Profiles::policy);
      if (policy != null && profiles.contains(policy)) {
        item.wrong("is listed twice; keep one");
      } else if (policy != null) {
        profiles.add(policy);
      }
    }
    Setting list = group.find("profiles");
    if (list != null && list.isEmptyList()) {
      list.wrong("allows nothing; name a profile, or leave it out for AEAD_AES_128_GCM");
    }
    return profiles;
  }

  private static List<Leg> listen(Section group, @Nullable GroupTag tag, CrossChecks.Group known) {
    List<Leg> legs = new ArrayList<>();
    Setting list = group.find("listen");
    if (list != null && list.isEmptyList()) {
      list.wrong("names no leg; a group into which others only bridge leaves it out");
    }
    for (Setting item : group.items("listen")) {
      Leg leg = LegReader.listen(item, tag);
      if (leg != null) {
        legs.add(leg);
        known.listensOn(new Named<>(leg, item));
      }
    }
    return legs;
  }

  /// `receivers: {}` with defaults, true, or false.
  private static @Nullable JoinSettings receivers(Section group, List<Leg> listen) {
    Setting found = group.find("receivers");
    if (found == null || (!found.isMapping() && !Boolean.TRUE.equals(found.as(Values::yesOrNo)))) {
      return null;
    }
    if (listen.stream().noneMatch(Leg::isUnicast)) {
      found.wrong("join at a unicast leg of this group; add one to listen");
    }
    if (!found.isMapping()) {
      return JoinSettings.defaults();
    }
    Section limits = found.section("max", "per-member", "per-source", "expire");
    var byDefault = JoinSettings.defaults();
    return new JoinSettings(
        limits.value("max", Values.integer(1, MOST_RECEIVERS), byDefault.max()),
        limits.value("per-member", Values.integer(1, MOST_RECEIVERS), byDefault.perMember()),
        limits.value("per-source", Values.integer(1, MOST_RECEIVERS), byDefault.perSource()),
        limits.value(
            "expire",
            Values.duration(SHORTEST_EXPIRE, Duration.ofMinutes(10)),
            byDefault.expire()));
  }

  private record Destinations(List<Leg> legs, List<Identity> bridges) {}

  private static Destinations relay(
      Section group, @Nullable GroupTag tag, CrossChecks.Group known) {
    var relay = new Destinations(new ArrayList<>(), new ArrayList<>());
    for (Setting item : group.items("relay")) {
      if (LegReader.isBridge(item)) {
        Section bridge = item.section("group");
        Identity to = bridge.optional("group", Identity::new);
        Setting at = bridge.find("group");
        if (to != null && at != null) {
          relay.bridges().add(to);
          known.bridgesTo(new Named<>(to, at));
        }
        continue;
      }
      Leg leg = LegReader.relay(item, tag);
      if (leg != null) {
        relay.legs().add(leg);
        known.relaysTo(new Named<>(leg, item));
      }
    }
    return relay;
  }

  /// `record: {}` as in the examples, or true or false.
  private static boolean isRecorded(Section group) {
    Setting found = group.find("record");
    if (found == null) {
      return false;
    }
    if (found.isMapping()) {
      for (Named<String> option : found.entries()) {
        option.setting().wrong("there is no such setting; write record: {} or record: true");
      }
      return true;
    }
    return Boolean.TRUE.equals(found.as(Values::yesOrNo));
  }
}
