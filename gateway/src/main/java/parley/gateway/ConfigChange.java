package parley.gateway;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import parley.gateway.admin.ReloadReport;
import parley.gateway.config.GroupConfig;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaTap;
import parley.gateway.media.PortUnavailable;
import parley.gateway.media.PreparedLegs;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// The way from the groups that are served to those of a configuration; at the start, from none.
///
/// What may fail comes first, in this order: new sockets, then the vault. After that nothing can
/// fail, and each group changes by one command on its loop. A group that stays as it is hears
/// nothing of all this.
///
/// One exception: a new bridge or trunk may join groups of different loops, and a plane cannot
/// change its loop. Such a group is closed and opened again, as it was, before it changes; its
/// bursts come back with their next repeat, as after a restart. Used once.
final class ConfigChange {
  private final Planes planes;
  private final Recordings recordings;
  private final Memberships memberships;
  private final WholeConfig after;
  private final Map<Identity, EventLoop> loops;
  private final Map<Identity, GroupPlane> old = new LinkedHashMap<>();
  private final Map<Identity, GroupSetup> oldSetups = new HashMap<>();
  private final Map<Identity, GroupPlane> now = new LinkedHashMap<>();
  private final Map<GroupPlane, PreparedLegs> prepared = new LinkedHashMap<>();
  private final Set<Identity> moved = new LinkedHashSet<>();
  private final List<Identity> added = new ArrayList<>();
  private final List<Identity> removed = new ArrayList<>();
  private final List<Identity> changed = new ArrayList<>();
  private final List<Identity> unchanged = new ArrayList<>();
  private final List<String> sentences = new ArrayList<>();

  ConfigChange(Planes planes, Recordings recordings, Memberships memberships, WholeConfig after) {
    this.planes = planes;
    this.recordings = recordings;
    this.memberships = memberships;
    this.after = after;
    for (ServedGroup group : planes.served()) {
      old.put(group.setup().id(), group.plane());
      oldSetups.put(group.setup().id(), group.setup());
    }
    loops = LoopPlan.loops(after.gateway().groups(), old, planes::nextLoop);
    after.groups().forEach(this::compare);
    old.keySet().stream().filter(id -> !loops.containsKey(id)).forEach(removed::add);
    removed.forEach(id -> sentences.add(id.uri() + ": removed"));
  }

  private void compare(GroupSetup group) {
    GroupPlane plane = old.get(group.id());
    GroupSetup before = oldSetups.get(group.id());
    if (plane == null || before == null) {
      added.add(group.id());
      sentences.add(group.id().uri() + ": added");
      return;
    }
    now.put(group.id(), plane);
    List<String> differences = GroupDiff.between(before, group);
    if (!plane.loop().equals(loops.get(group.id()))) {
      moved.add(group.id());
      sentences.add(
          group.id().uri()
              + ": opened again on the loop of its bridge or trunk, what ran in it was interrupted");
    }
    if (differences.isEmpty() && !moved.contains(group.id())) {
      unchanged.add(group.id());
    } else {
      changed.add(group.id());
      sentences.addAll(differences);
    }
  }

  /// Does it; `beforeOpening` runs when nothing can fail any more and no new group hears yet.
  ///
  /// @throws PortUnavailable when a port is not to be had; nothing has changed
  /// @throws VaultException when the vault cannot be written; nothing has changed
  ReloadReport apply(Runnable beforeOpening) throws PortUnavailable, VaultException, IOException {
    boolean isFirstRecorded = recordings.open(after.gateway());
    try {
      prepareAll();
      memberships.join(after.gateway().groups());
      recordings.unlock();
    } catch (PortUnavailable | VaultException | RuntimeException e) {
      prepared.forEach(GroupPlane::discard);
      if (isFirstRecorded) {
        recordings.close();
      }
      throw e;
    }
    beforeOpening.run();
    commit();
    return new ReloadReport(added, removed, changed, unchanged, sentences);
  }

  private void prepareAll() throws PortUnavailable {
    for (GroupSetup group : after.groups()) {
      if (added.contains(group.id())) {
        GroupPlane made = planes.make(group, loop(group.id()), tap(group.config()));
        now.put(group.id(), made);
        if (!isPreparedLast(group)) {
          prepare(made, group);
        }
      } else if (changed.contains(group.id()) && !isPreparedLast(group)) {
        prepare(plane(group.id()), group);
      }
    }
    if (!moved.isEmpty()) {
      move();
    }
  }

  /// A group that changes its loop, and one on a trunk that may change its loop with such a group.
  private boolean isPreparedLast(GroupSetup group) {
    return moved.contains(group.id())
        || (!moved.isEmpty() && group.config().listen().stream().anyMatch(Leg::isTrunk));
  }

  private void prepare(GroupPlane plane, GroupSetup group) throws PortUnavailable {
    GroupConfig config = group.config();
    prepared.put(plane, plane.prepare(config.listen(), config.relay()));
  }

  /// Groups that must change their loop, as they are, and then the sockets that are new.
  private void move() throws PortUnavailable {
    for (Map.Entry<Identity, GroupPlane> served : old.entrySet()) {
      if (!moved.contains(served.getKey())) {
        served.getValue().bridgeTo(oldBridges(served.getKey()));
      }
    }
    for (Identity id : moved) {
      GroupSetup was = oldSetup(id);
      planes.close(plane(id));
      GroupPlane made = planes.make(was, loop(id), tap(was.config()));
      try {
        made.open(planes.inbox());
      } catch (PortUnavailable e) {
        gone(id);
        throw new PortUnavailable(
            id.uri()
                + " had to be opened again for its bridge or trunk and lost its port, it is not served now: "
                + e.getMessage());
      }
      now.put(id, made);
      replace(id, new ServedGroup(was, made));
    }
    for (Identity id : moved) {
      plane(id).bridgeTo(oldBridges(id));
    }
    for (GroupSetup group : after.groups()) {
      if (isPreparedLast(group) && !unchanged.contains(group.id())) {
        prepare(plane(group.id()), group);
      }
    }
  }

  /// Where a group led before, as far as both are on one loop still.
  private List<GroupPlane> oldBridges(Identity id) {
    List<GroupPlane> bridges = new ArrayList<>();
    for (Identity to : oldSetup(id).config().bridges()) {
      if (moved.contains(id) == moved.contains(to) && now.containsKey(to)) {
        bridges.add(plane(to));
      }
    }
    return bridges;
  }

  private void replace(Identity id, ServedGroup by) {
    planes.serve(planes.served().stream().map(g -> g.setup().id().equals(id) ? by : g).toList());
  }

  private void gone(Identity id) {
    planes.serve(planes.served().stream().filter(g -> !g.setup().id().equals(id)).toList());
  }

  /// From here on nothing can fail.
  private void commit() {
    for (GroupSetup group : after.groups()) {
      if (added.contains(group.id())) {
        plane(group.id()).bridgeTo(bridges(group));
      }
    }
    for (GroupSetup group : after.groups()) {
      GroupPlane plane = plane(group.id());
      PreparedLegs legs = prepared.get(plane);
      if (legs != null && added.contains(group.id())) {
        plane.open(planes.inbox(), legs);
      } else if (legs != null) {
        plane.change(
            new PlaneChange(
                legs,
                group.config().relay(),
                planes.rules(group.config()),
                group.roster(),
                tap(group.config()),
                bridges(group),
                group.config().lowLatency()));
      }
    }
    planes.serve(after.groups().stream().map(g -> new ServedGroup(g, plane(g.id()))).toList());
    removed.forEach(id -> planes.close(oldPlane(id)));
  }

  private List<GroupPlane> bridges(GroupSetup group) {
    return group.config().bridges().stream().map(this::plane).toList();
  }

  private MediaTap tap(GroupConfig group) {
    return recordings.tap(group);
  }

  private EventLoop loop(Identity id) {
    return known(loops, id);
  }

  private GroupPlane plane(Identity id) {
    return known(now, id);
  }

  private GroupPlane oldPlane(Identity id) {
    return known(old, id);
  }

  private GroupSetup oldSetup(Identity id) {
    return known(oldSetups, id);
  }

  private static <T> T known(Map<Identity, T> map, Identity id) {
    T found = map.get(id);
    if (found == null) {
      throw new IllegalStateException(id.uri() + " is none of the groups");
    }
    return found;
  }
}
