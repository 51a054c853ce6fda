package parley.gateway.config;

import java.net.InetSocketAddress;
import java.util.List;

/// A group manager's configuration, `manager.yaml`.
///
/// @param listen where registrations and receipts are heard, and messages sent from
public record ManagerConfig(
    VaultConfig vault, InetSocketAddress listen, List<ManagedGroupConfig> groups) {
  public ManagerConfig {
    groups = List.copyOf(groups);
  }
}
