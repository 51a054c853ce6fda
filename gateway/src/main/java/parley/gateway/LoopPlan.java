package parley.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import parley.gateway.config.GroupConfig;
import parley.mikey.identity.Identity;

/// Which groups must share a loop: those that a bridge joins, directly or through others.
final class LoopPlan {
  private final Map<Identity, Identity> parents = new HashMap<>();

  private LoopPlan(List<GroupConfig> groups) {
    groups.forEach(g -> parents.put(g.id(), g.id()));
    for (GroupConfig g : groups) {
      g.bridges().forEach(b -> parents.put(root(g.id()), root(b)));
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
