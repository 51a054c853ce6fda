package parley.gateway.config;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.GroupTag;
import parley.gateway.media.Leg;
import parley.gateway.media.RtcpMode;
import parley.mikey.identity.Identity;

/// What only the whole configuration can tell: groups against groups, legs against legs.
final class CrossChecks {
  private final @Nullable Identity gateway;
  private final InetSocketAddress mikey;
  private final List<Group> groups = new ArrayList<>();

  CrossChecks(@Nullable Identity gateway, InetSocketAddress mikey) {
    this.gateway = gateway;
    this.mikey = mikey;
  }

  /// One group as far as it could be read.
  static final class Group {
    private final Setting setting;
    private final @Nullable Identity id;
    private final Setting idSetting;
    private final List<Named<Leg>> listens = new ArrayList<>();
    private final List<Named<Leg>> relays = new ArrayList<>();
    private final List<Named<Identity>> bridges = new ArrayList<>();

    private Group(Setting setting, @Nullable Identity id, Setting idSetting) {
      this.setting = setting;
      this.id = id;
      this.idSetting = idSetting;
    }

    void listensOn(Named<Leg> leg) {
      listens.add(leg);
    }

    void relaysTo(Named<Leg> leg) {
      relays.add(leg);
    }

    void bridgesTo(Named<Identity> group) {
      bridges.add(group);
    }
  }

  Group group(Setting setting, @Nullable Identity id, @Nullable Setting idSetting) {
    var group = new Group(setting, id, idSetting == null ? setting : idSetting);
    groups.add(group);
    return group;
  }

  void finish() {
    checkIdentities();
    checkListens();
    groups.forEach(CrossChecks::checkRelays);
    checkBridges();
    checkPurpose();
  }

  private void checkIdentities() {
    Set<Identity> seen = new HashSet<>();
    TrunkTags tags = new TrunkTags();
    for (Group group : groups) {
      if (group.id == null) {
        continue;
      }
      if (group.id.equals(gateway)) {
        group.idSetting.wrong("is the gateway's own identity; a group has one of its own");
      }
      if (!seen.add(group.id)) {
        group.idSetting.wrong("is another group's id already; each group is listed once");
      }
      String objection = tags.objection(GroupTag.of(group.id), group.id);
      if (objection != null) {
        group.idSetting.wrong(objection);
      }
    }
  }

  /// Octets that arrive at a port belong to one group: the leg binds them to it. On a trunk their
  /// tag does.
  private void checkListens() {
    Map<InetSocketAddress, Leg> bound = new HashMap<>();
    for (Group group : groups) {
      for (Named<Leg> leg : group.listens) {
        for (InetSocketAddress address : ports(leg.value())) {
          Leg other = bound.putIfAbsent(address, leg.value());
          if (other != null) {
            checkShared(leg, other, address);
          }
          if (!leg.value().isMulticast() && overlaps(address, mikey)) {
            leg.setting().wrong(shown(address) + " is where mikey listens; choose another port");
          }
        }
      }
    }
  }

  private static void checkShared(Named<Leg> leg, Leg other, InetSocketAddress address) {
    if (!leg.value().isTrunk() || !other.isTrunk()) {
      leg.setting().wrong(shown(address) + " is another leg's already; each leg has its own");
    } else if (Objects.equals(leg.value().tag(), other.tag())) {
      leg.setting().wrong("is listed twice; keep one");
    } else if (!leg.value().isOneTrunkWith(other) || leg.value().waits() != other.waits()) {
      leg.setting()
          .wrong(
              shown(address)
                  + " is another group's trunk with other settings;"
                  + " interface and wait are the same for all");
    }
  }

  private static void checkRelays(Group group) {
    Set<InetSocketAddress> sources = new HashSet<>();
    group.listens.forEach(leg -> sources.add(leg.value().address()));
    Set<Leg> seen = new HashSet<>();
    for (Named<Leg> leg : group.relays) {
      InetSocketAddress to = leg.value().address();
      if (sources.contains(to) && !leg.value().isMulticast()) {
        leg.setting().wrong(shown(to) + " is where this group listens; its packets would circle");
      }
      if (sources.contains(to) && sameInterface(group, leg.value())) {
        leg.setting().wrong(shown(to) + " is where this group listens; its packets would circle");
      }
      if (!seen.add(leg.value())) {
        leg.setting().wrong("is listed twice; keep one");
      }
    }
  }

  /// From one interface to another the same multicast address is a relay between islands, not a
  /// circle.
  private static boolean sameInterface(Group group, Leg relay) {
    return relay.isMulticast()
        && group.listens.stream()
            .map(Named::value)
            .anyMatch(leg ->
                leg.address().equals(relay.address())
                    && String.valueOf(leg.interfaceName())
                        .equals(String.valueOf(relay.interfaceName())));
  }

  private void checkBridges() {
    Set<Identity> known = new HashSet<>();
    groups.forEach(group -> {
      if (group.id != null) {
        known.add(group.id);
      }
    });
    for (Group group : groups) {
      Set<Identity> seen = new HashSet<>();
      for (Named<Identity> bridge : group.bridges) {
        if (bridge.value().equals(group.id)) {
          bridge.setting().wrong("is this group itself; a bridge leads into another one");
        } else if (!known.contains(bridge.value())) {
          bridge.setting().wrong(bridge.value() + " is not among the groups of this file; add it");
        }
        if (!seen.add(bridge.value())) {
          bridge.setting().wrong("is listed twice; keep one");
        }
      }
    }
  }

  /// A group into which nothing leads is a mistake, not a wish.
  private void checkPurpose() {
    Set<Identity> reached = new HashSet<>();
    groups.forEach(group -> group.bridges.forEach(bridge -> reached.add(bridge.value())));
    for (Group group : groups) {
      boolean isReached = group.id != null && reached.contains(group.id);
      if (!group.setting.hasKey("listen") && !isReached) {
        group.setting.absent("listen").wrong("is missing, and no other group bridges to this one");
      }
    }
  }

  /// Both are TCP; a port that the system chooses is nobody else's.
  static void checkHttp(Section mikey, InetSocketAddress http, InetSocketAddress admin) {
    Setting setting = mikey.find("http");
    if (setting != null && http.getPort() != 0 && overlaps(http, admin)) {
      setting.wrong(shown(http) + " is where admin listens; choose another port");
    }
  }

  private static List<InetSocketAddress> ports(Leg leg) {
    InetSocketAddress media = leg.address();
    return leg.rtcp() == RtcpMode.MUX
        ? List.of(media)
        : List.of(media, new InetSocketAddress(media.getAddress(), media.getPort() + 1));
  }

  private static boolean overlaps(InetSocketAddress a, InetSocketAddress b) {
    return a.getPort() == b.getPort()
        && (a.getAddress().equals(b.getAddress())
            || a.getAddress().isAnyLocalAddress()
            || b.getAddress().isAnyLocalAddress());
  }

  private static String shown(InetSocketAddress address) {
    return Leg.unicast(address).name();
  }
}
