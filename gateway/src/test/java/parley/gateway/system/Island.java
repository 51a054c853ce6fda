package parley.gateway.system;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.util.Arrays;

/// A multicast group on loopback, at a port that nobody else has: whoever is on it hears and sends.
final class Island implements AutoCloseable {
  static final String INTERFACE = "lo";
  private static final int PATIENCE_MILLIS = 10_000;

  private final MulticastSocket socket;
  private final InetSocketAddress group;
  private final byte[] buffer = new byte[2048];

  Island(String group) throws IOException {
    NetworkInterface loopback = NetworkInterface.getByName(INTERFACE);
    socket = new MulticastSocket(0);
    this.group = new InetSocketAddress(InetAddress.getByName(group), socket.getLocalPort());
    socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.joinGroup(this.group, loopback);
  }

  InetSocketAddress group() {
    return group;
  }

  void send(byte[] octets) throws IOException {
    socket.send(new DatagramPacket(octets, octets.length, group));
  }

  /// The next datagram; a test fails that waits ten seconds for it.
  byte[] hear() throws IOException {
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    socket.receive(packet);
    return Arrays.copyOf(buffer, packet.getLength());
  }

  @Override
  public void close() {
    socket.close();
  }
}
