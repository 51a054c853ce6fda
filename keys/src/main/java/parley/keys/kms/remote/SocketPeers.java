package parley.keys.kms.remote;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/// Who may be at the other end of the issuer's socket, by the user that the kernel names
/// (`SO_PEERCRED`).
///
/// @param users their names
public record SocketPeers(Set<String> users) {
  public SocketPeers {
    users = Set.copyOf(users);
  }

  /// The user that this process runs as, alone.
  public static SocketPeers own() {
    return new SocketPeers(Set.of(System.getProperty("user.name")));
  }

  boolean isOwnAlone() {
    return equals(own());
  }

  /// The user at the other end.
  static String user(SocketChannel channel) throws IOException {
    UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
    return peer.user().getName();
  }

  boolean allow(String user) {
    return users.contains(user);
  }
}
