package parley.gateway.config;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A group manager's configuration, `manager.yaml`.
///
/// @param kms where the keys of the groups come from; null where they are installed by hand
/// @param listen where registrations and receipts are heard, and messages sent from
public record ManagerConfig(
    VaultConfig vault,
    @Nullable ManagerKmsConfig kms,
    InetSocketAddress listen,
    List<ManagedGroupConfig> groups) {
  public ManagerConfig {
    groups = List.copyOf(groups);
  }
}
