package parley.gateway.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Dscp;
import parley.gateway.media.GroupTag;
import parley.gateway.media.Leg;
import parley.gateway.media.RtcpMode;

/// Reads one leg of `listen` or `relay`. Null after a finding.
final class LegReader {
  private static final String TRUNK = "trunk";
  private static final String RELAY_TO = "to";
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

  /// A leg of the group of this tag; without one, what has no identity has no trunk.
  static @Nullable Leg listen(Setting setting, @Nullable GroupTag tag) {
    Section leg =
        setting.section(
            "multicast", "unicast", "trunk", "interface", "source", "rtcp", "mki", "wait");
    Leg read = address(leg, "unicast", tag);
    if (read == null) {
      return null;
    }
    InetAddress source = leg.optional("source", Addresses::source);
    Setting sourceSetting = leg.find("source");
    if (sourceSetting != null && !read.isMulticast()) {
      sourceSetting.wrong(
          "selects a multicast source; a %s has none"
              .formatted(read.isTrunk() ? "trunk" : "unicast leg"));
    }
    if (sourceSetting != null && source != null && differ(source, read.address().getAddress())) {
      sourceSetting.wrong("and the group are of different IP versions; both are one or the other");
    }
    boolean mkiOptional = leg.value("mki", Values.choice(MKI), false);
    Leg sourced = source == null ? read : read.withSource(source);
    return mkiOptional ? sourced.withMkiOptional() : sourced;
  }

  static @Nullable Leg relay(Setting setting, @Nullable GroupTag tag) {
    Section leg =
        setting.section(
            "to", "multicast", "trunk", "group", "interface", "ttl", "dscp", "rtcp", "wait");
    Leg read = address(leg, RELAY_TO, tag);
    return read == null ? null : read.withDscp(leg.value("dscp", Dscp::parse, 0));
  }

  private static boolean differ(InetAddress one, InetAddress other) {
    return !one.getClass().equals(other.getClass());
  }

  private static @Nullable Leg address(Section leg, String unicast, @Nullable GroupTag tag) {
    if (Stream.of(unicast, "multicast", TRUNK).filter(leg::has).count() != 1) {
      leg.setting()
          .wrong(
              "needs %s: ADDRESS:PORT, multicast: ADDRESS:PORT or trunk: ADDRESS:PORT, one of them"
                  .formatted(unicast));
      return null;
    }
    boolean waits = leg.value("wait", Values::yesOrNo, false);
    boolean isRelay = unicast.equals(RELAY_TO);
    Leg read;
    if (leg.has(TRUNK)) {
      read = trunk(leg, isRelay, waits, tag);
    } else if (leg.has("multicast")) {
      read = multicast(leg, waits);
    } else {
      read = unicast(leg, unicast, isRelay, waits);
    }
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

  private static @Nullable Leg trunk(
      Section leg, boolean isRelay, boolean waits, @Nullable GroupTag tag) {
    Setting ttl = leg.find("ttl");
    if (ttl != null) {
      ttl.wrong("belongs to a multicast leg; a trunk goes as far as its routes");
    }
    Setting rtcp = leg.find("rtcp");
    if (rtcp != null) {
      rtcp.wrong("is not for a trunk to choose: it carries RTCP beside RTP; leave it out");
    }
    Leg read = oneHost(leg, TRUNK, isRelay ? Addresses::trunkTo : Addresses::trunk, waits);
    if (read == null || tag == null) {
      return null;
    }
    Leg trunk = Leg.trunk(read.address(), tag);
    String interfaceName = read.interfaceName();
    return interfaceName == null ? trunk : trunk.withInterface(interfaceName);
  }

  private static Function<String, String> interfaceName(boolean waits) {
    return waits ? Addresses::interfaceNameToBe : Addresses::interfaceName;
  }

  private static @Nullable Leg unicast(Section leg, String key, boolean isRelay, boolean waits) {
    Setting ttl = leg.find("ttl");
    if (ttl != null) {
      ttl.wrong("belongs to a multicast leg; unicast goes as far as its routes");
    }
    return oneHost(leg, key, isRelay ? Addresses::destination : Addresses::unicast, waits);
  }

  private static @Nullable Leg oneHost(
      Section leg, String key, Function<String, InetSocketAddress> parser, boolean waits) {
    InetSocketAddress address = leg.optional(key, parser);
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
    if (read.isTrunk()) {
      return RtcpMode.MUX;
    }
    RtcpMode mode = leg.value("rtcp", Values.choice(RTCP), RtcpMode.MUX);
    Setting found = leg.find("rtcp");
    if (found != null && mode == RtcpMode.NEXT_PORT && read.address().getPort() == HIGHEST_PORT) {
      found.wrong("there is no port after 65535; choose another port or rtcp: mux");
      return RtcpMode.MUX;
    }
    return mode;
  }
}
