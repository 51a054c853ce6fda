package parley.bench.growth;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import parley.bench.relay.Testbed;
import parley.bench.rig.GroupKeys;

/// Keys for gateways of several sizes, each made when it is first asked for: a gateway's vault
/// holds its own groups only. Confined to one thread.
final class KeyRing {
  private final Testbed bed;
  private final GrowthPlan plan;
  private final Map<Integer, GroupKeys> made = new HashMap<>();

  KeyRing(Testbed bed, GrowthPlan plan) {
    this.bed = bed;
    this.plan = plan;
  }

  GroupKeys of(int groups) throws Exception {
    GroupKeys known = made.get(groups);
    if (known != null) {
      return known;
    }
    System.err.printf("keys for %d groups ...%n", groups);
    Path folder = Files.createDirectory(bed.file("keys"));
    GroupKeys keys = bed.keep(GroupKeys.make(folder, groups, plan.mostActive(groups)));
    made.put(groups, keys);
    return keys;
  }

  /// A vault for one more gateway of this size.
  Path vault(int groups) throws Exception {
    return Files.copy(of(groups).gatewayVault(), bed.file("gateway.vault"));
  }
}
