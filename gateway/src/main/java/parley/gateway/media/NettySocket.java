package parley.gateway.media;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// How a port gets its channel: options, registration, bind, join, and the sentence for the
/// operator when one of them fails or the network is not as it must be. Used on the loop, and again
/// whenever the interface has come back.
final class NettySocket {
  private final DatagramIo io;
  private final EventLoop loop;
  private final @Nullable Leg leg;
  private final boolean listens;

  private NettySocket(DatagramIo io, EventLoop loop, @Nullable Leg leg, boolean listens) {
    this.io = io;
    this.loop = loop;
    this.leg = leg;
    this.listens = listens;
  }

  static NettySocket listening(DatagramIo io, EventLoop loop, Leg leg) {
    return new NettySocket(io, loop, leg, true);
  }

  /// For one leg's receivers, or for any unicast receiver when `leg` is null.
  static NettySocket sending(DatagramIo io, EventLoop loop, @Nullable Leg leg) {
    return new NettySocket(io, loop, leg, false);
  }

  EventLoop loop() {
    return loop;
  }

  /// An open channel.
  ///
  /// @param interfaceIndex of the interface that it depends on, or 0
  record Opened(Channel channel, int interfaceIndex) {}

  /// Whether it may be opened later.
  boolean waits() {
    return leg != null && leg.waits();
  }

  /// As log lines call it.
  String name() {
    return leg == null ? "any receiver" : leg.name();
  }

  /// What it will be bound to.
  InetSocketAddress address() {
    return leg != null && listens ? leg.address() : new InetSocketAddress(0);
  }

  /// The index now of the interface that it depends on; 0 when there is none such.
  int interfaceIndex(Links links) {
    Links.Link link = leg == null ? null : links.find(leg.interfaceName());
    return link == null ? 0 : link.index();
  }

  /// Why it cannot work in this network.
  @Nullable String fault(Links links) {
    if (leg == null) {
      return null;
    }
    String name = leg.interfaceName();
    Links.Link link = links.find(name);
    if (name != null && link == null) {
      return "there is no interface %s now; it has %s".formatted(name, links.names());
    }
    if (name != null && link != null && !link.isUp()) {
      return "interface %s is down; bring it up with: ip link set %s up".formatted(name, name);
    }
    InetAddress own = leg.address().getAddress();
    if (listens && !leg.isMulticast() && !links.has(own)) {
      return "this host does not have the address %s now; give it back with: ip address add"
          .formatted(own.getHostAddress());
    }
    return null;
  }

  /// A fresh channel; `port` is bound where the leg leaves it to the system.
  Opened open(ChannelHandler handler, int port) throws PortUnavailable {
    NetworkInterface via = leg == null ? null : interfaceOf(leg);
    int index = via == null ? 0 : via.getIndex();
    DatagramChannel channel = io.channel(family(), ReceivedBatch.SLOT_OCTETS);
    try {
      if (leg != null) {
        options(channel, leg, via);
      }
      DatagramChannelConfig config = channel.config();
      config.setAutoRead(false);
      config.setReceiveBufferSize(MediaTransport.SOCKET_BUFFER_OCTETS);
      config.setSendBufferSize(MediaTransport.SOCKET_BUFFER_OCTETS);
      channel.pipeline().addLast(handler);
      require(loop.register(channel));
      require(channel.bind(local(index, port)));
      if (leg != null && listens && leg.isMulticast() && via != null) {
        join(channel, leg, via);
      }
      return new Opened(channel, index);
    } catch (IOException e) {
      channel.unsafe().closeForcibly();
      throw new PortUnavailable("cannot " + purpose() + ": " + reason(e), e);
    }
  }

  private void options(DatagramChannel channel, Leg of, @Nullable NetworkInterface via)
      throws IOException {
    SocketOptions options = new SocketOptions(channel, of.address().getAddress());
    if (of.isMulticast() && via != null) {
      channel.config().setReuseAddress(listens);
      options.multicastOut(via, of.ttl());
    }
    if (via != null && !of.isMulticast() && !options.device(via.getName())) {
      throw new IOException(
          "to name an interface needs epoll, which media: {io: nio} does without; set media: {io: auto}");
    }
    if (via != null && of.isMulticast() && listens && isIpv6(of)) {
      var _ = options.device(via.getName());
    }
    if (of.dscp() != 0) {
      options.dscp(of.dscp());
    }
  }

  /// Linux gives a socket that joined an IPv6 group on one interface what comes for it on any
  /// other.
  private static boolean isIpv6(Leg of) {
    return of.address().getAddress() instanceof Inet6Address;
  }

  private static void join(DatagramChannel channel, Leg leg, NetworkInterface via)
      throws IOException {
    InetAddress group = leg.address().getAddress();
    if (!new SocketOptions(channel, group).join(group, via, leg.source())) {
      require(channel.joinGroup(group, via, leg.source()));
    }
  }

  private @Nullable SocketProtocolFamily family() {
    if (leg == null) {
      return null;
    }
    return leg.address().getAddress() instanceof Inet4Address
        ? SocketProtocolFamily.INET
        : SocketProtocolFamily.INET6;
  }

  private InetSocketAddress local(int interfaceIndex, int port) {
    InetSocketAddress wanted = address();
    return new InetSocketAddress(
        scoped(wanted.getAddress(), interfaceIndex),
        wanted.getPort() == 0 ? port : wanted.getPort());
  }

  /// Addresses of a link alone are bound together with the link.
  private static InetAddress scoped(InetAddress address, int interfaceIndex) {
    boolean isOfLink =
        address.isLinkLocalAddress() || address.isMCLinkLocal() || address.isMCNodeLocal();
    if (!(address instanceof Inet6Address) || !isOfLink || interfaceIndex == 0) {
      return address;
    }
    try {
      return Inet6Address.getByAddress(null, address.getAddress(), interfaceIndex);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /// On the loop these are done when they return.
  private static void require(ChannelFuture done) throws IOException {
    if (!done.isDone()) {
      throw new IllegalStateException("not on the loop of the socket");
    }
    Throwable cause = done.cause();
    if (cause != null) {
      throw cause instanceof IOException known ? known : new IOException(cause);
    }
  }

  private String purpose() {
    if (listens) {
      return "listen on " + name();
    }
    return leg == null ? "send" : "send to " + name();
  }

  private static String reason(Throwable cause) {
    String said = String.valueOf(cause.getMessage());
    if (said.contains("already in use")) {
      return "the port is in use; stop the program that has it (ss -lunp shows it) or choose another";
    }
    if (said.contains("assign requested address")) {
      return "this host has no such address; choose one of its own (ip address shows them)";
    }
    if (said.contains("not permitted")) {
      return "this kernel binds to an interface only with CAP_NET_RAW; grant it, or leave interface"
          + " out and let the routes choose";
    }
    if (said.contains("ermission denied")) {
      return "permission denied; choose a port above 1023 or grant CAP_NET_BIND_SERVICE";
    }
    if (said.contains("o buffer space")) {
      return "too many groups on one socket; raise net.ipv4.igmp_max_memberships";
    }
    return said;
  }

  private @Nullable NetworkInterface interfaceOf(Leg of) throws PortUnavailable {
    String name = of.interfaceName();
    if (name == null && !of.isMulticast()) {
      return null;
    }
    NetworkInterface found = name == null ? null : find(name);
    if (found != null) {
      return found;
    }
    throw new PortUnavailable(
        "cannot use "
            + of.name()
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
      return Links.now().names();
    } catch (SocketException _) {
      return "this host's interfaces";
    }
  }
}
