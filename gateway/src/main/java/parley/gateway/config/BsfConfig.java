package parley.gateway.config;

import java.time.Duration;
import java.util.List;

/// A bootstrapping server's configuration, `bsf.yaml`.
///
/// @param fqdn its name, which every B-TID ends with
/// @param ub where UEs bootstrap
/// @param zn where NAFs ask for keys, known by their certificates
/// @param nafs the FQDNs of the NAFs it serves; empty for every one whose certificate is good
/// @param lifetime of a bootstrapped key
public record BsfConfig(
    VaultConfig vault,
    StoreConfig store,
    String fqdn,
    HttpsConfig ub,
    HttpsConfig zn,
    List<String> nafs,
    Duration lifetime,
    AdminConfig admin,
    AuditConfig audit) {
  public BsfConfig {
    nafs = List.copyOf(nafs);
  }
}
