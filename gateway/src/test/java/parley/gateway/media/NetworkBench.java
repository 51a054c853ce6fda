package parley.gateway.media;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import parley.gateway.net.Netns;
import parley.srtp.PacketBatch;

/// A transport whose loops and watcher live in a network of their own, and a far host on a cable.
final class NetworkBench implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  final Netns here;
  final Netns there;
  final NettyTransport transport;
  private final List<DatagramSocket> open = new ArrayList<>();

  NetworkBench(String transportName) throws Exception {
    here = Netns.create();
    there = Netns.create();
    transport =
        here.in(() -> {
          NettyTransport made = NettyTransport.select(transportName, 1);
          made.nextLoop().submit(() -> {}).get();
          return made;
        });
  }

  /// `eth1` here and `far1` there, 10.7.1.1 and fd07:1::1 against .2 and ::2, and so on.
  void cable(int number) throws Exception {
    Netns.cable(here, "eth" + number, there, "far" + number);
    addresses(number);
  }

  void addresses(int number) throws Exception {
    addressesHere(number);
    there.address("far" + number, "10.7.%d.2/24".formatted(number));
    there.address("far" + number, "10.7.%d.3/24".formatted(number));
    there.address("far" + number, "fd07:%d::2/64".formatted(number));
    there.address("far" + number, "fd07:%d::3/64".formatted(number));
  }

  void addressesHere(int number) throws Exception {
    here.address("eth" + number, "10.7.%d.1/24".formatted(number));
    here.address("eth" + number, "fd07:%d::1/64".formatted(number));
  }

  static InetSocketAddress at(String host, int port) {
    return new InetSocketAddress(host, port);
  }

  SocketPort bind(Leg leg) throws PortUnavailable {
    return (SocketPort) transport.bind(leg, transport.nextLoop());
  }

  SocketPort sender(Leg leg) throws PortUnavailable {
    return (SocketPort) transport.sender(leg, transport.nextLoop());
  }

  /// Writes down the first octet of everything that the port hears.
  List<Integer> hears(SocketPort port) {
    List<Integer> heard = new CopyOnWriteArrayList<>();
    transport.nextLoop().execute(() -> port.start((_, batch) -> take(batch, heard)));
    return heard;
  }

  private static void take(ReceivedBatch batch, List<Integer> heard) {
    for (int slot = 0; slot < batch.packets().size(); slot++) {
      heard.add(batch.packets().octets(slot)[0] & 0xff);
    }
  }

  /// One datagram for `leg` by `port`.
  void send(SocketPort port, int octet, LegCounters leg) throws Exception {
    transport
        .nextLoop()
        .submit(() -> {
          PacketBatch batch = PacketBatch.allocate(1, 64);
          batch.add(new byte[] {(byte) octet});
          port.send(batch, 0, Destination.of(leg.leg().address(), leg));
          port.flush();
        })
        .get();
  }

  /// A socket of the far host; to a multicast group it sends by the interface of `from`.
  DatagramSocket mouth(String from, String device) throws Exception {
    return opened(
        there.in(() -> {
          DatagramSocket socket = new DatagramSocket(at(from, 0));
          socket.setOption(
              StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName(device));
          return socket;
        }));
  }

  /// A socket of the far host that hears unicast.
  DatagramSocket ear(InetSocketAddress address) throws Exception {
    DatagramSocket ear = opened(there.in(() -> new DatagramSocket(address)));
    ear.setSoTimeout(30_000);
    return ear;
  }

  /// A member of a multicast group at the far host.
  MulticastSocket member(String group, String device, int port) throws Exception {
    MulticastSocket member =
        opened(
            there.in(() -> {
              MulticastSocket socket = new MulticastSocket(port);
              socket.joinGroup(at(group, port), NetworkInterface.getByName(device));
              return socket;
            }));
    member.setSoTimeout(30_000);
    return member;
  }

  <T extends DatagramSocket> T opened(T part) {
    open.add(part);
    return part;
  }

  /// An address of one link, as the far host reads it by that device.
  InetSocketAddress onLink(String address, String device, int port) throws Exception {
    int index = there.in(() -> NetworkInterface.getByName(device).getIndex());
    byte[] octets = InetAddress.getByName(address).getAddress();
    return new InetSocketAddress(Inet6Address.getByAddress(null, octets, index), port);
  }

  static void say(DatagramSocket mouth, int octet, InetSocketAddress to) throws IOException {
    mouth.send(new DatagramPacket(new byte[] {(byte) octet}, 1, to));
  }

  static int hear(DatagramSocket ear) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[64], 64);
    ear.receive(packet);
    return packet.getData()[0] & 0xff;
  }

  static InetAddress source(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  static void await(String what, Callable<Boolean> reached) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!reached.call()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within 30 s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Override
  public void close() {
    open.forEach(DatagramSocket::close);
    transport.close();
    there.close();
    here.close();
  }
}
