package parley.gateway.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Dscp;
import parley.gateway.media.Leg;
import parley.gateway.media.RtcpMode;

/// Reads one leg of `listen` or `relay`. Null after a finding.
final class LegReader {
  private static final int HIGHEST_TTL = 255;
  private static final int HIGHEST_PORT = 65_535;
  private static final Map<String, RtcpMode> RTCP =
      Map.of("mux", RtcpMode.MUX, "next-port", RtcpMode.NEXT_PORT);
  private static final Map<String, Boolean> MKI = Map.of("required", false, "optional", true);

  private LegReader() {}

  /// Whether an entry of `relay` names a group and no address.
  static boolean isBridge(Setting setting) {
    return setting.isMapping() && setting.hasKey("group");
  }

  static @Nullable Leg listen(Setting setting) {
    Section leg =
        setting.section("multicast", "unicast", "interface", "source", "rtcp", "mki", "wait");
    Leg read = address(leg, "unicast", false);
    if (read == null) {
      return null;
    }
    InetAddress source = leg.optional("source", Addresses::source);
    Setting sourceSetting = leg.find("source");
    if (sourceSetting != null && !read.isMulticast()) {
      sourceSetting.wrong("selects a multicast source; a unicast leg has none");
    }
    if (sourceSetting != null && source != null && differ(source, read.address().getAddress())) {
      sourceSetting.wrong("and the group are of different IP versions; both are one or the other");
    }
    boolean mkiOptional = leg.value("mki", Values.choice(MKI), false);
    Leg sourced = source == null ? read : read.withSource(source);
    return mkiOptional ? sourced.withMkiOptional() : sourced;
  }

  static @Nullable Leg relay(Setting setting) {
    Section leg =
        setting.section("to", "multicast", "group", "interface", "ttl", "dscp", "rtcp", "wait");
    Leg read = address(leg, "to", true);
    return read == null ? null : read.withDscp(leg.value("dscp", Dscp::parse, 0));
  }

  private static boolean differ(InetAddress one, InetAddress other) {
    return !one.getClass().equals(other.getClass());
  }

  private static @Nullable Leg address(Section leg, String unicast, boolean isRelay) {
    if (leg.has(unicast) == leg.has("multicast")) {
      leg.setting()
          .wrong(
              "needs %s: ADDRESS:PORT or multicast: ADDRESS:PORT, one of them".formatted(unicast));
      return null;
    }
    boolean waits = leg.value("wait", Values::yesOrNo, false);
    Leg read = leg.has("multicast") ? multicast(leg, waits) : unicast(leg, unicast, isRelay, waits);
    if (read == null) {
      return null;
    }
    Leg withRtcp = read.withRtcp(rtcp(leg, read));
    return waits ? withRtcp.thatWaits() : withRtcp;
  }

  private static @Nullable Leg multicast(Section leg, boolean waits) {
    InetSocketAddress group = leg.optional("multicast", Addresses::multicast);
    String interfaceName = leg.required("interface", interfaceName(waits), "eth0");
    int ttl = leg.value("ttl", Values.integer(0, HIGHEST_TTL), 1);
    return group == null || interfaceName == null ? null : Leg.multicast(group, interfaceName, ttl);
  }

  private static Function<String, String> interfaceName(boolean waits) {
    return waits ? Addresses::interfaceNameToBe : Addresses::interfaceName;
  }

  private static @Nullable Leg unicast(Section leg, String key, boolean isRelay, boolean waits) {
    Setting ttl = leg.find("ttl");
    if (ttl != null) {
      ttl.wrong("belongs to a multicast leg; unicast goes as far as its routes");
    }
    InetSocketAddress address =
        leg.optional(key, isRelay ? Addresses::destination : Addresses::unicast);
    String interfaceName = leg.optional("interface", interfaceName(waits));
    if (address == null) {
      return null;
    }
    Setting given = leg.find(key);
    if (given != null && address.getAddress().isLinkLocalAddress() && !leg.has("interface")) {
      given.wrong("is an address of one link only; add the link, for example interface: eth0");
    }
    Leg read = Leg.unicast(address);
    return interfaceName == null ? read : read.withInterface(interfaceName);
  }

  private static RtcpMode rtcp(Section leg, Leg read) {
    RtcpMode mode = leg.value("rtcp", Values.choice(RTCP), RtcpMode.MUX);
    Setting found = leg.find("rtcp");
    if (found != null && mode == RtcpMode.NEXT_PORT && read.address().getPort() == HIGHEST_PORT) {
      found.wrong("there is no port after 65535; choose another port or rtcp: mux");
      return RtcpMode.MUX;
    }
    return mode;
  }
}
