package parley.gateway.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where health, metrics and the control API are served, and to whom.
///
/// Anywhere but on loopback there are TLS and tokens or client certificates.
///
/// @param listen port 0 lets the system choose
/// @param tokens file with a line for each token: name, role, SHA-256
/// @param clients what the holder of a certificate of `tls.client-ca` may do, by name
/// @param openMetrics whether `/metrics` asks nobody who they are
public record AdminConfig(
    InetSocketAddress listen,
    @Nullable TlsConfig tls,
    @Nullable Path tokens,
    List<ClientConfig> clients,
    boolean openMetrics) {
  public AdminConfig {
    clients = List.copyOf(clients);
  }

  /// Loopback alone, and whoever is on this host may do everything.
  public static AdminConfig open(InetSocketAddress listen) {
    return new AdminConfig(listen, null, null, List.of(), false);
  }

  /// Whether somebody has to say who they are.
  public boolean isAuthenticating() {
    return tokens != null || !clients.isEmpty();
  }
}
