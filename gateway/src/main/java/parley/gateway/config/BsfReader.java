package parley.gateway.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `bsf.yaml`; each method one block of it.
final class BsfReader {
  private static final InetSocketAddress UB = Addresses.server("0.0.0.0:8445");
  private static final InetSocketAddress ZN = Addresses.server("0.0.0.0:8446");
  private static final Duration LIFETIME = Duration.ofHours(24);
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(31);

  private final ConfigFolder folder;
  private final ServerReader servers;

  BsfReader(ConfigFolder folder) {
    this.folder = folder;
    this.servers = new ServerReader(folder);
  }

  /// Null where a finding was recorded.
  @Nullable BsfConfig read(Setting root) {
    Section top =
        root.section("vault", "store", "fqdn", "ub", "zn", "nafs", "lifetime", "admin", "audit");
    VaultConfig vault = VaultReader.read(top, folder);
    StoreConfig store = servers.store(top, "bsf.db");
    String fqdn = top.required("fqdn", Values::hostName, "bsf.example.org");
    HttpsConfig ub = servers.https(top, "ub", UB, false);
    HttpsConfig zn = servers.https(top, "zn", ZN, true);
    List<String> nafs = ServerReader.list(top, "nafs", Values::hostName);
    Duration lifetime = top.value("lifetime", Values.duration(SHORTEST, LONGEST), LIFETIME);
    var operation = new OperationReader(folder, top);
    AdminConfig admin = operation.admin();
    AuditConfig audit = operation.audit();
    if (vault == null || store == null || fqdn == null || ub == null || zn == null) {
      return null;
    }
    return new BsfConfig(vault, store, fqdn, ub, zn, nafs, lifetime, admin, audit);
  }
}
