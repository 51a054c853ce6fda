package parley.gateway.config;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A group manager's configuration, `manager.yaml`.
///
/// @param kms where the keys of the groups come from; null where they are installed by hand
/// @param listen where registrations and receipts are heard, and messages sent from
/// @param https where members register and pull over HTTPS; null where they do not
/// @param admin where operators see and change things; null where only the socket file serves them
public record ManagerConfig(
    VaultConfig vault,
    @Nullable ManagerKmsConfig kms,
    InetSocketAddress listen,
    @Nullable HttpsConfig https,
    @Nullable AdminConfig admin,
    AuditConfig audit,
    List<ManagedGroupConfig> groups) {
  public ManagerConfig {
    groups = List.copyOf(groups);
  }
}
