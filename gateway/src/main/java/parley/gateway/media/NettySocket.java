package parley.gateway.media;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes a port of a fresh channel: options, registration, bind, join, and the sentence for the
/// operator when one of them fails. Used once, on the loop.
final class NettySocket {
  /// Asked of the kernel, which grants up to net.core.rmem_max and wmem_max.
  private static final int SOCKET_BUFFER_OCTETS = 4 << 20;

  /// Of Linux's in.h and in6.h.
  static final ChannelOption<Integer> IP_MULTICAST_TTL =
      new IntegerUnixChannelOption("IP_MULTICAST_TTL", 0, 33);

  static final ChannelOption<Integer> IPV6_MULTICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_MULTICAST_HOPS", 41, 18);

  private final DatagramChannel channel;
  private final EventLoop loop;
  private final NettyPort port;

  NettySocket(DatagramChannel channel, EventLoop loop, NettyTransport.LoopMemory memory) {
    this.channel = channel;
    this.loop = loop;
    this.port = new NettyPort(channel, memory);
  }

  MediaPort listen(Leg leg) throws PortUnavailable {
    boolean multicast = leg.isMulticast();
    NetworkInterface via = multicast ? interfaceOf(leg) : null;
    if (multicast) {
      channel.config().setReuseAddress(true);
      multicastOut(leg, via);
    }
    open(leg.address(), "listen on " + leg.name());
    if (multicast) {
      require(
          channel.joinGroup(leg.address().getAddress(), via, leg.source()), "join " + leg.name());
    }
    return port;
  }

  MediaPort send(@Nullable Leg multicast) throws PortUnavailable {
    if (multicast != null) {
      multicastOut(multicast, interfaceOf(multicast));
    }
    String purpose = multicast == null ? "send" : "send to " + multicast.name();
    open(new InetSocketAddress(0), purpose);
    return port;
  }

  private void multicastOut(Leg leg, @Nullable NetworkInterface via) {
    DatagramChannelConfig config = channel.config();
    config.setOption(ChannelOption.IP_MULTICAST_IF, via);
    timeToLive(config, leg);
    config.setOption(ChannelOption.IP_MULTICAST_LOOP_DISABLED, false);
  }

  /// Netty's epoll channel takes `IP_MULTICAST_TTL` for `IP_TTL`, which multicast does not heed; a
  /// channel that does not know the kernel's own option says so and takes Netty's.
  private static void timeToLive(DatagramChannelConfig config, Leg leg) {
    boolean ipv4 = leg.address().getAddress() instanceof Inet4Address;
    if (!config.setOption(ipv4 ? IP_MULTICAST_TTL : IPV6_MULTICAST_HOPS, leg.ttl())) {
      config.setOption(ChannelOption.IP_MULTICAST_TTL, leg.ttl());
    }
  }

  private void open(InetSocketAddress local, String purpose) throws PortUnavailable {
    DatagramChannelConfig config = channel.config();
    config.setAutoRead(false);
    config.setReceiveBufferSize(SOCKET_BUFFER_OCTETS);
    config.setSendBufferSize(SOCKET_BUFFER_OCTETS);
    channel.pipeline().addLast(port.handler());
    require(loop.register(channel), purpose);
    require(channel.bind(local), purpose);
    port.bound();
  }

  /// On the loop these are done when they return.
  private void require(ChannelFuture done, String purpose) throws PortUnavailable {
    if (!done.isDone()) {
      throw new IllegalStateException("not on the loop of the socket");
    }
    Throwable cause = done.cause();
    if (cause != null) {
      var _ = channel.close();
      throw new PortUnavailable("cannot " + purpose + ": " + reason(cause), cause);
    }
  }

  private static String reason(Throwable cause) {
    String said = String.valueOf(cause.getMessage());
    if (said.contains("already in use")) {
      return "the port is in use; stop the program that has it (ss -lunp shows it) or choose another";
    }
    if (said.contains("assign requested address")) {
      return "this host has no such address; choose one of its own (ip address shows them)";
    }
    if (said.contains("ermission denied")) {
      return "permission denied; choose a port above 1023 or grant CAP_NET_BIND_SERVICE";
    }
    if (said.contains("o buffer space")) {
      return "too many groups on one socket; raise net.ipv4.igmp_max_memberships";
    }
    return said;
  }

  private NetworkInterface interfaceOf(Leg leg) throws PortUnavailable {
    String name = leg.interfaceName();
    NetworkInterface found = name == null ? null : find(name);
    if (found != null) {
      return found;
    }
    channel.unsafe().closeForcibly();
    throw new PortUnavailable(
        "cannot use "
            + leg.name()
            + ": "
            + (name == null ? "multicast needs an interface" : "there is no interface " + name)
            + "; name one of "
            + known());
  }

  private static @Nullable NetworkInterface find(String name) {
    try {
      return NetworkInterface.getByName(name);
    } catch (SocketException _) {
      return null;
    }
  }

  private static String known() {
    try {
      return NetworkInterface.networkInterfaces()
          .map(NetworkInterface::getName)
          .sorted()
          .collect(Collectors.joining(", "));
    } catch (SocketException e) {
      return "this host's interfaces";
    }
  }
}
