package parley.gateway.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// A key management server's configuration, `kms.yaml`.
///
/// @param url by which clients reach it, without a path: what a request may say that it was sent to
/// @param issuer the process that holds the master secrets; null where `vault` does
/// @param gba null where nobody comes by a bootstrap
/// @param psk where TLS by the pre-shared keys of users is served; null for nowhere
/// @param tunnels names of the certificates of operators' tunnels, each of which says for whom it
///   asks
/// @param isClearInTls whether keys may go to a client that has no transport key yet
/// @param vouchesFor files with the certificates of other KMSs that clients are told to trust
/// @param limits how much clients may take
public record KmsServerConfig(
    VaultConfig vault,
    URI url,
    @Nullable IssuerConfig issuer,
    StoreConfig store,
    HttpsConfig https,
    @Nullable GbaConfig gba,
    @Nullable InetSocketAddress psk,
    List<String> tunnels,
    boolean isClearInTls,
    List<Path> vouchesFor,
    KmsServerLimits limits,
    AdminConfig admin,
    AuditConfig audit) {
  public KmsServerConfig {
    tunnels = List.copyOf(tunnels);
    vouchesFor = List.copyOf(vouchesFor);
  }

  /// The issuer in another process.
  ///
  /// @param socket where it answers
  /// @param user whom it runs as; null for the user of this process
  public record IssuerConfig(Path socket, @Nullable String user) {}

  /// How clients come by a bootstrap.
  ///
  /// @param fqdn the NAF's name, which every Ks_NAF depends on
  /// @param psk where TLS by Ks_NAF is served; null for Digest alone
  /// @param push null where no UE is called
  public record GbaConfig(
      String fqdn, PeerConfig bsf, @Nullable InetSocketAddress psk, @Nullable PushConfig push) {}

  /// How UEs are called by GBA push.
  public sealed interface PushConfig {
    /// By a datagram to where each of these listens.
    record ByUdp(Map<Identity, InetSocketAddress> ues) implements PushConfig {
      public ByUdp {
        ues = Map.copyOf(ues);
      }
    }

    /// By files that somebody else carries.
    record ByFile(Path folder) implements PushConfig {}
  }
}
