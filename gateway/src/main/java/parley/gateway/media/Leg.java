package parley.gateway.media;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One place where a group's packets come in or go out: an address, and how to reach it.
///
/// Two legs are the same leg when their records are equal; the same link-local address on two links
/// is two legs. `name` labels metrics and log lines.
///
/// @param address what to bind for a listening leg, the receiver for a relay leg; resolved
/// @param interfaceName the interface that joins the multicast group or sends to it; for a unicast
///   leg the only one that it uses, or null for whatever the routes say
/// @param source the only sender to hear (source-specific multicast, RFC 4607), or anyone
/// @param ttl how many routers a multicast packet may pass, 0 to 255
/// @param dscp how routers shall treat what is sent here, 0 to 63 (RFC 2474)
/// @param waits whether the interface, or the address of this host, may be missing at first
/// @param mkiOptional whether senders that cannot write an MKI are heard here
/// @param tag what marks the group's packets here, where the leg is a trunk: one socket of two
///   gateways for many groups; null where the packets are the group's alone
public record Leg(
    String name,
    InetSocketAddress address,
    @Nullable String interfaceName,
    @Nullable InetAddress source,
    int ttl,
    int dscp,
    RtcpMode rtcp,
    boolean mkiOptional,
    boolean waits,
    @Nullable GroupTag tag) {

  private static final String TRUNK = "trunk ";

  public Leg {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "no address is known for the host " + address.getHostString());
    }
    if (ttl < 0 || ttl > 255) {
      throw new IllegalArgumentException("ttl is " + ttl + ", it must be 0 to 255");
    }
    if (dscp < 0 || dscp > 63) {
      throw new IllegalArgumentException("dscp is " + dscp + ", it must be 0 to 63");
    }
  }

  public static Leg unicast(InetSocketAddress address) {
    return new Leg(
        label(address, null), address, null, null, 0, 0, RtcpMode.MUX, false, false, null);
  }

  public static Leg multicast(InetSocketAddress group, String interfaceName, int ttl) {
    return new Leg(
        label(group, interfaceName),
        group,
        interfaceName,
        null,
        ttl,
        0,
        RtcpMode.MUX,
        false,
        false,
        null);
  }

  /// To or from another gateway, on a socket that carries other groups as well.
  public static Leg trunk(InetSocketAddress address, GroupTag tag) {
    return new Leg(
        TRUNK + label(address, null), address, null, null, 0, 0, RtcpMode.MUX, false, false, tag);
  }

  /// Under another label; legs of one label share their counters.
  public Leg named(String label) {
    return new Leg(label, address, interfaceName, source, ttl, dscp, rtcp, mkiOptional, waits, tag);
  }

  /// Over this interface and no other.
  public Leg withInterface(String only) {
    return new Leg(
        (isTrunk() ? TRUNK : "") + label(address, only),
        address,
        only,
        source,
        ttl,
        dscp,
        rtcp,
        mkiOptional,
        waits,
        tag);
  }

  public Leg withRtcp(RtcpMode mode) {
    return new Leg(name, address, interfaceName, source, ttl, dscp, mode, mkiOptional, waits, tag);
  }

  public Leg withSource(@Nullable InetAddress only) {
    return new Leg(name, address, interfaceName, only, ttl, dscp, rtcp, mkiOptional, waits, tag);
  }

  public Leg withDscp(int codePoint) {
    return new Leg(
        name, address, interfaceName, source, ttl, codePoint, rtcp, mkiOptional, waits, tag);
  }

  public Leg withMkiOptional() {
    return new Leg(name, address, interfaceName, source, ttl, dscp, rtcp, true, waits, tag);
  }

  /// May be opened before its interface or its address is there.
  public Leg thatWaits() {
    return new Leg(name, address, interfaceName, source, ttl, dscp, rtcp, mkiOptional, true, tag);
  }

  public boolean isMulticast() {
    return address.getAddress().isMulticastAddress();
  }

  public boolean isTrunk() {
    return tag != null;
  }

  /// Whether it is of the group alone, and reaches one receiver or is reached by any sender.
  public boolean isUnicast() {
    return !isMulticast() && !isTrunk();
  }

  /// Whether its label is that of any number of receivers, given by [#named].
  boolean isOneOfMany() {
    return isUnicast() && !name.equals(label(address, interfaceName));
  }

  /// Whether what is sent here needs a socket of its own, for its interface, TTL or DSCP, or
  /// because it is a trunk.
  public boolean sendsByItself() {
    return isMulticast() || interfaceName != null || dscp != 0 || isTrunk();
  }

  /// Whether both are trunks that have one socket, for one group or for two.
  public boolean isOneTrunkWith(Leg other) {
    return isTrunk()
        && other.isTrunk()
        && ScopedAddress.isSame(address, other.address)
        && Objects.equals(interfaceName, other.interfaceName)
        && dscp == other.dscp;
  }

  /// Whether one socket hears both: they differ at most in how its packets are treated.
  public boolean hasSocketOf(Leg other) {
    return ScopedAddress.isSame(address, other.address)
        && Objects.equals(interfaceName, other.interfaceName)
        && Objects.equals(source, other.source)
        && ttl == other.ttl
        && dscp == other.dscp
        && Objects.equals(tag, other.tag);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Leg leg
        && hasSocketOf(leg)
        && name.equals(leg.name)
        && rtcp == leg.rtcp
        && mkiOptional == leg.mkiOptional
        && waits == leg.waits;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, address, interfaceName, rtcp);
  }

  /// Where RTCP of this leg goes or comes in.
  InetSocketAddress rtcpAddress() {
    return rtcp == RtcpMode.MUX
        ? address
        : new InetSocketAddress(address.getAddress(), address.getPort() + 1);
  }

  /// The leg of its own that RTCP needs on the next port.
  Leg rtcpLeg() {
    return new Leg(
        name,
        rtcpAddress(),
        interfaceName,
        source,
        ttl,
        dscp,
        RtcpMode.MUX,
        mkiOptional,
        waits,
        tag);
  }

  /// `239.10.0.1:5004%eth0`, `10.0.0.7:5004`, `[2001:db8:0:0:0:0:0:7]:5004`,
  /// `[fe80:0:0:0:0:0:0:7%eth0]:5004`; a trunk's begins with `trunk `.
  static String label(InetSocketAddress address, @Nullable String interfaceName) {
    InetAddress at = address.getAddress();
    boolean needsScope = at.isLinkLocalAddress() && interfaceName == null;
    String host = needsScope ? at.getHostAddress() : withoutScope(at.getHostAddress());
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return shown + ":" + address.getPort() + (interfaceName == null ? "" : "%" + interfaceName);
  }

  private static String withoutScope(String host) {
    int scope = host.indexOf('%');
    return scope < 0 ? host : host.substring(0, scope);
  }
}
