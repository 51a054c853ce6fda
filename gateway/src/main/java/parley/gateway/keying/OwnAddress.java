package parley.gateway.keying;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;

/// Under which address others reach a socket of this host.
public final class OwnAddress {
  private OwnAddress() {}

  /// The address to which `local` is bound; where that is the wildcard, the one that packets to
  /// `peer` leave from. Sends nothing.
  public static InetSocketAddress towards(InetSocketAddress peer, InetSocketAddress local) {
    if (!local.getAddress().isAnyLocalAddress()) {
      return local;
    }
    try (var probe = new DatagramSocket()) {
      probe.connect(peer);
      return new InetSocketAddress(probe.getLocalAddress(), local.getPort());
    } catch (IOException | RuntimeException _) {
      return local; // no way to the peer now; it may be there at the next try
    }
  }
}
