package parley.gateway.campaign;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import parley.gateway.net.Netns;

/// A receiver at the far end of a relay leg: counts what comes, and whether it is what was sent.
final class FieldEar implements AutoCloseable {
  private static final int BUFFER_OCTETS = 4 << 20;
  private static final int MIKEY = 1;

  private final InetSocketAddress address;
  private final DatagramSocket socket;
  private final Predicate<ByteBuffer> isGenuine;
  private final AtomicLong heard = new AtomicLong();
  private final AtomicLong strange = new AtomicLong();

  private FieldEar(
      InetSocketAddress address, DatagramSocket socket, Predicate<ByteBuffer> isGenuine) {
    this.address = address;
    this.socket = socket;
    this.isGenuine = isGenuine;
    Thread.ofPlatform().daemon().name("ear at " + address.getPort()).start(this::listen);
  }

  /// @param isGenuine whether a member sent these octets of media
  static FieldEar open(
      Netns field, InetSocketAddress at, String device, Predicate<ByteBuffer> isGenuine)
      throws Exception {
    DatagramSocket socket = field.in(() -> bound(at, device));
    return new FieldEar(at, socket, isGenuine);
  }

  private static DatagramSocket bound(InetSocketAddress at, String device) throws IOException {
    DatagramSocket socket;
    if (at.getAddress().isMulticastAddress()) {
      var multicast = new MulticastSocket(at.getPort());
      multicast.joinGroup(at, NetworkInterface.getByName(device));
      socket = multicast;
    } else {
      socket = new DatagramSocket(at);
    }
    socket.setReceiveBufferSize(BUFFER_OCTETS);
    return socket;
  }

  InetSocketAddress address() {
    return address;
  }

  /// Datagrams that came.
  long heard() {
    return heard.get();
  }

  /// Media among them that no member sent.
  long strange() {
    return strange.get();
  }

  private void listen() {
    byte[] buffer = new byte[2048];
    var packet = new DatagramPacket(buffer, buffer.length);
    while (!socket.isClosed()) {
      try {
        packet.setLength(buffer.length);
        socket.receive(packet);
        hear(Arrays.copyOf(buffer, packet.getLength()));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new IllegalStateException("nobody hears " + address, e);
        }
      }
    }
  }

  private void hear(byte[] octets) {
    boolean isMikey = octets.length > 0 && octets[0] == MIKEY;
    if (!isMikey && !isGenuine.test(ByteBuffer.wrap(octets))) {
      strange.incrementAndGet();
    }
    heard.incrementAndGet();
  }

  @Override
  public void close() {
    socket.close();
  }
}
