package parley.keys.gba.push;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;
import parley.mikey.identity.Identity;

/// One datagram to where the UE is known to be. Safe for use by many threads.
public final class UdpPush implements PushTransport, AutoCloseable {
  private final DatagramSocket socket;
  private final Function<Identity, Optional<InetSocketAddress>> addresses;

  private UdpPush(
      DatagramSocket socket, Function<Identity, Optional<InetSocketAddress>> addresses) {
    this.socket = socket;
    this.addresses = addresses;
  }

  /// Sends from any free port.
  ///
  /// @param addresses where each UE is
  public static UdpPush open(Function<Identity, Optional<InetSocketAddress>> addresses)
      throws IOException {
    return new UdpPush(new DatagramSocket(), addresses);
  }

  @Override
  public void send(Identity ue, byte[] gpi) throws IOException {
    InetSocketAddress address =
        addresses
            .apply(ue)
            .orElseThrow(() -> new IOException("no UDP address of " + ue + " is known; add it"));
    socket.send(new DatagramPacket(gpi, gpi.length, address));
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public String toString() {
    return "UdpPush[]";
  }
}
