package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A socket of the JDK's own at the other end: sends, and waits for what comes.
final class TestReceiver implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final DatagramSocket socket;
  private final InetSocketAddress address;
  private @Nullable DatagramSocket nextSocket;

  private TestReceiver(DatagramSocket socket, InetSocketAddress address) {
    this.socket = socket;
    this.address = address;
  }

  static TestReceiver unicast() {
    try {
      DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      return new TestReceiver(socket, (InetSocketAddress) socket.getLocalSocketAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// On two ports in a row; this is the lower, [#next] the higher.
  static TestReceiver unicastPair() {
    while (true) {
      TestReceiver even = unicast();
      try {
        even.nextSocket = new DatagramSocket(even.port() + 1, InetAddress.getLoopbackAddress());
        return even;
      } catch (IOException _) {
        even.close();
      }
    }
  }

  TestReceiver next() {
    DatagramSocket next = Objects.requireNonNull(nextSocket);
    return new TestReceiver(next, (InetSocketAddress) next.getLocalSocketAddress());
  }

  @SuppressWarnings("deprecation")
  static TestReceiver multicast(String group) {
    try {
      MulticastSocket socket = new MulticastSocket(0);
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getByName(group), socket.getLocalPort());
      socket.joinGroup(address, NetworkInterface.getByName("lo"));
      return new TestReceiver(socket, address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InetSocketAddress address() {
    return address;
  }

  int port() {
    return address.getPort();
  }

  void send(byte[] octets, InetSocketAddress to) {
    try {
      if (to.getAddress().isMulticastAddress()) {
        socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName("lo"));
      }
      socket.send(new DatagramPacket(octets, octets.length, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] receive() {
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
      socket.receive(packet);
      return Arrays.copyOf(packet.getData(), packet.getLength());
    } catch (SocketTimeoutException e) {
      throw new AssertionError("nothing came", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Exactly these packets, in this order.
  void expect(byte[]... packets) {
    for (byte[] packet : packets) {
      assertThat(receive()).isEqualTo(packet);
    }
  }

  @Override
  public void close() {
    socket.close();
    if (nextSocket != null) {
      nextSocket.close();
    }
  }
}
