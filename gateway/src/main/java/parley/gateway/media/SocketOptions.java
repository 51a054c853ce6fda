package parley.gateway.media;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Linux's own socket options (ip(7), ipv6(7), socket(7)) on a channel that knows them; on another
/// one the JDK's, as far as they go.
///
/// Interfaces are named by index throughout: an interface without an address will do, and one whose
/// address changes does not matter. Netty's epoll channel goes by address, and takes
/// `IP_MULTICAST_TTL` for `IP_TTL`, which multicast does not heed.
final class SocketOptions {
  private static final int SOL_SOCKET = 1;
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IP_MREQN_OCTETS = 12;
  private static final int DEVICE_OCTETS = 16;
  private static final int SOCKADDR_STORAGE_OCTETS = 128;
  private static final int GROUP_REQ_OCTETS = 8 + SOCKADDR_STORAGE_OCTETS;
  private static final int GROUP_SOURCE_REQ_OCTETS = 8 + 2 * SOCKADDR_STORAGE_OCTETS;
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;

  static final ChannelOption<Integer> IP_MULTICAST_TTL =
      new IntegerUnixChannelOption("IP_MULTICAST_TTL", IPPROTO_IP, 33);
  static final ChannelOption<Integer> IPV6_MULTICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_MULTICAST_HOPS", IPPROTO_IPV6, 18);
  private static final ChannelOption<Integer> IP_TOS =
      new IntegerUnixChannelOption("IP_TOS", IPPROTO_IP, 1);
  private static final ChannelOption<Integer> IPV6_TCLASS =
      new IntegerUnixChannelOption("IPV6_TCLASS", IPPROTO_IPV6, 67);
  private static final ChannelOption<ByteBuffer> IP_MULTICAST_IF =
      new RawUnixChannelOption("IP_MULTICAST_IF", IPPROTO_IP, 32, IP_MREQN_OCTETS);
  private static final ChannelOption<Integer> IPV6_MULTICAST_IF =
      new IntegerUnixChannelOption("IPV6_MULTICAST_IF", IPPROTO_IPV6, 17);
  private static final ChannelOption<ByteBuffer> SO_BINDTODEVICE =
      new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, 25, DEVICE_OCTETS);

  private final DatagramChannel channel;
  private final boolean ipv4;

  /// For a socket that has to do with `peer`, a group or an address of its family.
  SocketOptions(DatagramChannel channel, InetAddress peer) {
    this.channel = channel;
    this.ipv4 = peer instanceof Inet4Address;
  }

  /// What is sent to a multicast group leaves by this interface, goes so far, and is heard on this
  /// host too.
  void multicastOut(NetworkInterface via, int ttl) throws IOException {
    boolean known =
        ipv4
            ? set(IP_MULTICAST_IF, byIndex(via.getIndex()))
            : set(IPV6_MULTICAST_IF, via.getIndex());
    if (!known) {
      set(ChannelOption.IP_MULTICAST_IF, via);
    }
    if (!set(ipv4 ? IP_MULTICAST_TTL : IPV6_MULTICAST_HOPS, ttl)) {
      set(ChannelOption.IP_MULTICAST_TTL, ttl);
    }
    set(ChannelOption.IP_MULTICAST_LOOP_DISABLED, false);
  }

  /// The upper six bits of the octet that IPv4 calls type of service and IPv6 traffic class.
  void dscp(int codePoint) throws IOException {
    int octet = codePoint << 2;
    if (!set(ipv4 ? IP_TOS : IPV6_TCLASS, octet)) {
      set(ChannelOption.IP_TOS, octet);
    }
  }

  /// Nothing comes or goes by another interface. Needs no privilege since Linux 5.7, before that
  /// CAP_NET_RAW.
  ///
  /// @return false where the channel cannot
  boolean device(String name) throws IOException {
    ByteBuffer octets = zeroed(DEVICE_OCTETS);
    octets.put(name.getBytes(StandardCharsets.US_ASCII)).rewind();
    return set(SO_BINDTODEVICE, octets);
  }

  /// Joins the group for everyone's packets, or for those of one source (RFC 3678).
  ///
  /// @return false where the channel must be asked to join
  boolean join(InetAddress group, NetworkInterface via, @Nullable InetAddress source)
      throws IOException {
    ByteBuffer request = zeroed(source == null ? GROUP_REQ_OCTETS : GROUP_SOURCE_REQ_OCTETS);
    request.putInt(0, via.getIndex());
    put(request, 8, group);
    if (source != null) {
      put(request, 8 + SOCKADDR_STORAGE_OCTETS, source);
    }
    int level = ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
    return set(
        source == null
            ? new RawUnixChannelOption("MCAST_JOIN_GROUP", level, 42, GROUP_REQ_OCTETS)
            : new RawUnixChannelOption(
                "MCAST_JOIN_SOURCE_GROUP", level, 46, GROUP_SOURCE_REQ_OCTETS),
        request);
  }

  /// A sockaddr_in or sockaddr_in6 without port.
  private void put(ByteBuffer request, int at, InetAddress address) {
    request.putShort(at, ipv4 ? AF_INET : AF_INET6);
    request.put(at + (ipv4 ? 4 : 8), address.getAddress());
  }

  private static ByteBuffer byIndex(int index) {
    return zeroed(IP_MREQN_OCTETS).putInt(8, index);
  }

  private static ByteBuffer zeroed(int octets) {
    return ByteBuffer.allocateDirect(octets).order(ByteOrder.nativeOrder());
  }

  private <T> boolean set(ChannelOption<T> option, T value) throws IOException {
    try {
      return channel.config().setOption(option, value);
    } catch (ChannelException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }
}
