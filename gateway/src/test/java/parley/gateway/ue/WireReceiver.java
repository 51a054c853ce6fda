package parley.gateway.ue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// A socket that keeps whole datagrams in the order in which they came.
final class WireReceiver implements AutoCloseable {
  private final DatagramChannel channel;

  private WireReceiver(DatagramChannel channel) {
    this.channel = channel;
  }

  static WireReceiver unicast() throws IOException {
    return new WireReceiver(
        DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  static WireReceiver multicast(InetSocketAddress group, NetworkInterface on) throws IOException {
    DatagramChannel channel =
        DatagramChannel.open(StandardProtocolFamily.INET)
            .setOption(StandardSocketOptions.SO_REUSEADDR, true)
            .bind(group);
    channel.join(group.getAddress(), on);
    return new WireReceiver(channel);
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  /// Everything up to and including the datagram that `isLast` accepts.
  List<byte[]> receiveUntil(Predicate<byte[]> isLast) throws IOException {
    channel.socket().setSoTimeout((int) Duration.ofSeconds(10).toMillis());
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    List<byte[]> received = new ArrayList<>();
    do {
      var packet = new DatagramPacket(buffer.array(), buffer.capacity());
      channel.socket().receive(packet);
      received.add(Arrays.copyOf(buffer.array(), packet.getLength()));
    } while (!isLast.test(received.getLast()));
    return received;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
