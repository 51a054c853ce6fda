package parley.gateway.config;

import java.time.Duration;
import java.util.List;

/// A bootstrapping server's configuration, `bsf.yaml`.
///
/// @param fqdn its name, which every B-TID ends with
/// @param ub where UEs bootstrap
/// @param zn where NAFs ask for keys, known by their certificates
/// @param nafs the FQDNs of the NAFs it serves; empty for every one whose certificate is good
/// @param pushers those of them that may call a UE by GBA push; none where it is empty
/// @param lifetime of a bootstrapped key
/// @param pushLifetime of a pushed one
/// @param peers how often one address may ask on Ub
public record BsfConfig(
    VaultConfig vault,
    StoreConfig store,
    String fqdn,
    HttpsConfig ub,
    HttpsConfig zn,
    List<String> nafs,
    List<String> pushers,
    Duration lifetime,
    Duration pushLifetime,
    PeerLimit peers,
    AdminConfig admin,
    AuditConfig audit) {
  public BsfConfig {
    nafs = List.copyOf(nafs);
    pushers = List.copyOf(pushers);
  }

  /// Requests of one address, of one /64 for IPv6. A bootstrap is two of them.
  ///
  /// @param burst so many at once
  /// @param perSecond and so many more each second
  public record PeerLimit(int burst, int perSecond) {}
}
