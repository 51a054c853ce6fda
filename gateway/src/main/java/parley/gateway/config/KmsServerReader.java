package parley.gateway.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// Reads `kms.yaml`; each method one block of it.
final class KmsServerReader {
  private static final InetSocketAddress LISTEN = Addresses.server("0.0.0.0:8443");
  private static final String BSF = "https://bsf.example.org:8446";
  private static final int HIGHEST_LIMIT = 100_000;

  private final ConfigFolder folder;
  private final ServerReader servers;

  KmsServerReader(ConfigFolder folder) {
    this.folder = folder;
    this.servers = new ServerReader(folder);
  }

  /// Null where a finding was recorded.
  @Nullable KmsServerConfig read(Setting root) {
    Section top =
        root.section(
            "vault",
            "url",
            "issuer",
            "store",
            "https",
            "gba",
            "psk",
            "tunnels",
            "clear-keys-in-tls",
            "vouches-for",
            "limits",
            "admin",
            "audit");
    VaultConfig vault = VaultReader.read(top, folder);
    URI url = top.required("url", KmsReader::base, "https://kms.example.org:8443");
    KmsServerConfig.IssuerConfig issuer = issuer(top);
    StoreConfig store = servers.store(top, "kms.db");
    HttpsConfig https = servers.https(top, "https", LISTEN, false);
    KmsServerConfig.GbaConfig gba = gba(top);
    InetSocketAddress psk = top.optional("psk", Addresses::server);
    List<String> tunnels = ServerReader.list(top, "tunnels", Values::hostName);
    if (!tunnels.isEmpty() && https != null && https.tls().clientCa() == null) {
      top.setting()
          .absent("tunnels")
          .wrong("needs https.client-ca: the authority that signed the tunnels' certificates");
    }
    boolean clear = top.value("clear-keys-in-tls", Values::yesOrNo, false);
    List<Path> others = ServerReader.list(top, "vouches-for", folder::readableFile);
    KmsServerLimits limits = limits(top);
    var operation = new OperationReader(folder, top);
    AdminConfig admin = operation.admin();
    AuditConfig audit = operation.audit();
    return vault == null || url == null || store == null || https == null
        ? null
        : new KmsServerConfig(
            vault, url, issuer, store, https, gba, psk, tunnels, clear, others, limits, admin,
            audit);
  }

  private KmsServerConfig.@Nullable IssuerConfig issuer(Section top) {
    Setting found = top.find("issuer");
    if (found == null) {
      return null;
    }
    Section issuer = found.section("socket", "user");
    Path socket = issuer.required("socket", folder::path, "/run/parley/issuer.sock");
    String user = issuer.optional("user", Values::name);
    return socket == null ? null : new KmsServerConfig.IssuerConfig(socket, user);
  }

  private KmsServerConfig.@Nullable GbaConfig gba(Section top) {
    Setting found = top.find("gba");
    if (found == null) {
      return null;
    }
    Section gba = found.section("fqdn", "bsf", "psk", "push");
    String fqdn = gba.required("fqdn", Values::fullName, "kms.example.org");
    Setting bsf = gba.find("bsf");
    if (bsf == null) {
      gba.setting()
          .absent("bsf")
          .wrong("is missing; for example bsf: {url: %s, ca: ca.pem, ...}".formatted(BSF));
    }
    PeerConfig peer = bsf == null ? null : servers.peer(bsf, BSF);
    if (peer != null && bsf != null && peer.certificate() == null) {
      bsf.wrong("has no certificate; a BSF knows a NAF by its certificate alone");
    }
    InetSocketAddress psk = gba.optional("psk", Addresses::server);
    KmsServerConfig.PushConfig push = push(gba);
    return fqdn == null || peer == null
        ? null
        : new KmsServerConfig.GbaConfig(fqdn, peer, psk, push);
  }

  /// `push: {udp: {IDENTITY: ADDRESS, ...}}` or `push: {folder: ...}`.
  private KmsServerConfig.@Nullable PushConfig push(Section gba) {
    Setting found = gba.find("push");
    if (found == null) {
      return null;
    }
    Section push = found.section("udp", "folder");
    Setting udp = push.find("udp");
    Path folder = push.optional("folder", this.folder::directory);
    if ((udp == null) == !push.has("folder")) {
      found.wrong("needs udp or folder, one of them; for example push: {folder: pushes}");
      return null;
    }
    if (udp == null) {
      return folder == null ? null : new KmsServerConfig.PushConfig.ByFile(folder);
    }
    Map<Identity, InetSocketAddress> ues = new LinkedHashMap<>();
    for (Named<String> entry : udp.entries()) {
      Identity ue = ue(entry);
      InetSocketAddress address = entry.setting().as(Addresses::destination);
      if (ue != null && address != null) {
        ues.put(ue, address);
      }
    }
    return new KmsServerConfig.PushConfig.ByUdp(ues);
  }

  private static @Nullable Identity ue(Named<String> entry) {
    try {
      return new Identity(entry.value());
    } catch (IllegalArgumentException e) {
      entry.setting().wrong(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static KmsServerLimits limits(Section top) {
    KmsServerLimits standard = KmsServerLimits.standard();
    Setting found = top.find("limits");
    if (found == null) {
      return standard;
    }
    Section limits =
        found.section(
            "peer-burst",
            "peer-per-second",
            "peer-failures",
            "peer-connections",
            "peer-connections-per-second",
            "client-burst",
            "client-per-minute",
            "strangers-per-second",
            "connections",
            "requests");
    var read =
        new KmsServerLimits(
            limit(limits, "peer-burst", standard.peerBurst()),
            limit(limits, "peer-per-second", standard.peerPerSecond()),
            limit(limits, "peer-failures", standard.peerFailures()),
            limit(limits, "peer-connections", standard.peerConnections()),
            limit(limits, "peer-connections-per-second", standard.peerConnectionsPerSecond()),
            limit(limits, "client-burst", standard.clientBurst()),
            limit(limits, "client-per-minute", standard.clientPerMinute()),
            limit(limits, "strangers-per-second", standard.strangersPerSecond()),
            limit(limits, "connections", standard.connections()),
            limit(limits, "requests", standard.requests()));
    Setting ofAPeer = limits.find("peer-connections");
    if (ofAPeer != null && read.peerConnections() > read.connections()) {
      ofAPeer.wrong(
          "is more than connections, %d, which are those of all; raise that as well"
              .formatted(read.connections()));
    }
    return read;
  }

  private static int limit(Section limits, String key, int standard) {
    return limits.value(key, Values.integer(1, HIGHEST_LIMIT), standard);
  }
}
