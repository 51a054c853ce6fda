package parley.gateway.media;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// One place where a group's packets come in or go out: an address, and how to reach it.
///
/// Two legs are the same leg when their records are equal. `name` labels metrics and log lines.
///
/// @param address what to bind for a listening leg, the receiver for a relay leg; resolved
/// @param interfaceName the interface that joins the multicast group or sends to it
/// @param source the only sender to hear (source-specific multicast, RFC 4607), or anyone
/// @param ttl how many routers a multicast packet may pass, 0 to 255
/// @param mkiOptional whether senders that cannot write an MKI are heard here
public record Leg(
    String name,
    InetSocketAddress address,
    @Nullable String interfaceName,
    @Nullable InetAddress source,
    int ttl,
    RtcpMode rtcp,
    boolean mkiOptional) {

  public Leg {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "no address is known for the host " + address.getHostString());
    }
    if (ttl < 0 || ttl > 255) {
      throw new IllegalArgumentException("ttl is " + ttl + ", it must be 0 to 255");
    }
  }

  public static Leg unicast(InetSocketAddress address) {
    return new Leg(label(address, null), address, null, null, 0, RtcpMode.MUX, false);
  }

  public static Leg multicast(InetSocketAddress group, String interfaceName, int ttl) {
    return new Leg(
        label(group, interfaceName), group, interfaceName, null, ttl, RtcpMode.MUX, false);
  }

  public Leg withRtcp(RtcpMode mode) {
    return new Leg(name, address, interfaceName, source, ttl, mode, mkiOptional);
  }

  public Leg withSource(@Nullable InetAddress only) {
    return new Leg(name, address, interfaceName, only, ttl, rtcp, mkiOptional);
  }

  public Leg withMkiOptional() {
    return new Leg(name, address, interfaceName, source, ttl, rtcp, true);
  }

  public boolean isMulticast() {
    return address.getAddress().isMulticastAddress();
  }

  /// Where RTCP of this leg goes or comes in.
  InetSocketAddress rtcpAddress() {
    return rtcp == RtcpMode.MUX
        ? address
        : new InetSocketAddress(address.getAddress(), address.getPort() + 1);
  }

  /// The leg of its own that RTCP needs on the next port.
  Leg rtcpLeg() {
    return new Leg(name, rtcpAddress(), interfaceName, source, ttl, RtcpMode.MUX, mkiOptional);
  }

  /// `239.10.0.1:5004%eth0`, `10.0.0.7:5004`, `[2001:db8::7]:5004`.
  static String label(InetSocketAddress address, @Nullable String interfaceName) {
    String host = address.getAddress().getHostAddress();
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return shown + ":" + address.getPort() + (interfaceName == null ? "" : "%" + interfaceName);
  }
}
