package parley.gateway.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.keys.manager.DeliveryPace;
import parley.keys.manager.GmkPlan;
import parley.mikey.identity.Identity;

/// One group of a manager.
///
/// @param managerIdentity who signs, if not the group itself
/// @param members the members file
/// @param plan when its GMK changes
/// @param pace how fast messages go out
/// @param ways how members are reached that do not register
public record ManagedGroupConfig(
    Identity id,
    @Nullable Identity managerIdentity,
    Path members,
    GmkPlan plan,
    DeliveryPace pace,
    Map<Identity, Way> ways) {
  public ManagedGroupConfig {
    ways = Map.copyOf(ways);
  }
}
