package parley.gateway.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.bsf.BsfSettings;

/// Reads `bsf.yaml`; each method one block of it.
final class BsfReader {
  private static final InetSocketAddress UB = Addresses.server("0.0.0.0:8445");
  private static final InetSocketAddress ZN = Addresses.server("0.0.0.0:8446");
  private static final Duration LIFETIME = Duration.ofHours(24);
  private static final Duration PUSH_LIFETIME = Duration.ofHours(1);
  private static final int PEER_BURST = 40;
  private static final int PEER_PER_SECOND = 10;
  private static final int MOST_REQUESTS = 100_000;

  private final ConfigFolder folder;
  private final ServerReader servers;

  BsfReader(ConfigFolder folder) {
    this.folder = folder;
    this.servers = new ServerReader(folder);
  }

  /// Null where a finding was recorded.
  @Nullable BsfConfig read(Setting root) {
    Section top =
        root.section(
            "vault",
            "store",
            "fqdn",
            "ub",
            "zn",
            "nafs",
            "pushers",
            "lifetime",
            "push-lifetime",
            "limits",
            "admin",
            "audit");
    VaultConfig vault = VaultReader.read(top, folder);
    StoreConfig store = servers.store(top, "bsf.db");
    String fqdn = top.required("fqdn", Values::fullName, "bsf.example.org");
    HttpsConfig ub = servers.https(top, "ub", UB, false);
    HttpsConfig zn = servers.https(top, "zn", ZN, true);
    List<String> nafs = ServerReader.list(top, "nafs", Values::fullName);
    List<String> pushers = pushers(top, nafs);
    Duration lifetime = top.value("lifetime", BsfReader::lifetime, LIFETIME);
    Duration pushLifetime = top.value("push-lifetime", BsfReader::lifetime, PUSH_LIFETIME);
    BsfConfig.PeerLimit peers = peers(top);
    var operation = new OperationReader(folder, top);
    AdminConfig admin = operation.admin();
    AuditConfig audit = operation.audit();
    if (vault == null || store == null || fqdn == null || ub == null || zn == null) {
      return null;
    }
    return new BsfConfig(
        vault, store, fqdn, ub, zn, nafs, pushers, lifetime, pushLifetime, peers, admin, audit);
  }

  /// Who may push is served at all.
  private static List<String> pushers(Section top, List<String> nafs) {
    List<String> pushers = new ArrayList<>();
    for (Setting item : top.items("pushers")) {
      String name = item.as(Values::fullName);
      if (name != null && !nafs.isEmpty() && !nafs.contains(name)) {
        item.wrong(name + " is not among nafs; add it there, or leave nafs away");
      } else if (name != null) {
        pushers.add(name);
      }
    }
    return pushers;
  }

  private static BsfConfig.PeerLimit peers(Section top) {
    Setting found = top.find("limits");
    if (found == null) {
      return new BsfConfig.PeerLimit(PEER_BURST, PEER_PER_SECOND);
    }
    Section limits = found.section("peer-burst", "peer-per-second");
    return new BsfConfig.PeerLimit(
        limits.value("peer-burst", Values.integer(1, MOST_REQUESTS), PEER_BURST),
        limits.value("peer-per-second", Values.integer(1, MOST_REQUESTS), PEER_PER_SECOND));
  }

  private static Duration lifetime(String text) {
    return Timespan.between(BsfSettings.SHORTEST, BsfSettings.LONGEST, text);
  }
}
