package parley.gateway;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import parley.gateway.config.GroupConfig;
import parley.gateway.media.Leg;
import parley.mikey.identity.Identity;

/// Which groups must share a loop: those that a bridge joins, or a trunk on which they listen,
/// directly or through others.
final class LoopPlan {
  private final Map<Identity, Identity> parents = new HashMap<>();

  private LoopPlan(List<GroupConfig> groups) {
    groups.forEach(g -> parents.put(g.id(), g.id()));
    for (GroupConfig g : groups) {
      g.bridges().forEach(b -> parents.put(root(g.id()), root(b)));
    }
    Map<InetSocketAddress, Identity> trunks = new HashMap<>();
    for (GroupConfig g : groups) {
      for (Leg leg : g.listen()) {
        if (leg.isTrunk()) {
          Identity first = trunks.putIfAbsent(leg.address(), g.id());
          parents.put(root(g.id()), root(first == null ? g.id() : first));
        }
      }
    }
  }

  /// A loop for every group. Groups that run keep theirs, unless an island has more than one: then
  /// the loop with most running bursts wins, with most groups where those are equal.
  static Map<Identity, EventLoop> loops(
      List<GroupConfig> groups, Map<Identity, GroupPlane> running, Supplier<EventLoop> next) {
    Map<Identity, EventLoop> loops = new LinkedHashMap<>();
    for (List<GroupConfig> island : islands(groups)) {
      EventLoop loop = loopOf(island, running, next);
      island.forEach(group -> loops.put(group.id(), loop));
    }
    return loops;
  }

  private static EventLoop loopOf(
      List<GroupConfig> island, Map<Identity, GroupPlane> running, Supplier<EventLoop> next) {
    Map<EventLoop, Weight> weights = new LinkedHashMap<>();
    for (GroupConfig group : island) {
      GroupPlane plane = running.get(group.id());
      if (plane != null) {
        Weight one = new Weight(plane.keying().counters().running(), 1);
        weights.merge(plane.loop(), one, Weight::plus);
      }
    }
    return weights.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElseGet(next);
  }

  private record Weight(int bursts, int groups) implements Comparable<Weight> {
    private static final Comparator<Weight> ORDER =
        Comparator.comparingInt(Weight::bursts).thenComparingInt(Weight::groups);

    Weight plus(Weight other) {
      return new Weight(bursts + other.bursts, groups + other.groups);
    }

    @Override
    public int compareTo(Weight other) {
      return ORDER.compare(this, other);
    }
  }

  /// The groups, island by island.
  static List<List<GroupConfig>> islands(List<GroupConfig> groups) {
    LoopPlan plan = new LoopPlan(groups);
    Map<Identity, List<GroupConfig>> islands = new HashMap<>();
    List<List<GroupConfig>> inOrder = new ArrayList<>();
    for (GroupConfig g : groups) {
      List<GroupConfig> island = islands.get(plan.root(g.id()));
      if (island == null) {
        island = new ArrayList<>();
        islands.put(plan.root(g.id()), island);
        inOrder.add(island);
      }
      island.add(g);
    }
    return inOrder;
  }

  private Identity root(Identity group) {
    Identity at = group;
    for (Identity up = parents.get(at); up != null && !up.equals(at); up = parents.get(at)) {
      at = up;
    }
    return at;
  }
}
