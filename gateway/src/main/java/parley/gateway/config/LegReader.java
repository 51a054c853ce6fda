package parley.gateway.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    Section leg = setting.section("multicast", "unicast", "interface", "source", "rtcp", "mki");
    Leg read = address(leg, "unicast", false);
    if (read == null) {
      return null;
    }
    InetAddress source = leg.optional("source", Addresses::source);
    Setting sourceSetting = leg.find("source");
    if (sourceSetting != null && !read.isMulticast()) {
      sourceSetting.wrong("selects a multicast source; a unicast leg has none");
    }
    boolean mkiOptional = leg.value("mki", Values.choice(MKI), false);
    Leg sourced = source == null ? read : read.withSource(source);
    return mkiOptional ? sourced.withMkiOptional() : sourced;
  }

  static @Nullable Leg relay(Setting setting) {
    return address(
        setting.section("to", "multicast", "group", "interface", "ttl", "rtcp"), "to", true);
  }

  private static @Nullable Leg address(Section leg, String unicast, boolean isRelay) {
    if (leg.has(unicast) == leg.has("multicast")) {
      leg.setting()
          .wrong(
              "needs %s: ADDRESS:PORT or multicast: ADDRESS:PORT, one of them".formatted(unicast));
      return null;
    }
    Leg read = leg.has("multicast") ? multicast(leg) : unicast(leg, unicast, isRelay);
    return read == null ? null : read.withRtcp(rtcp(leg, read));
  }

  private static @Nullable Leg multicast(Section leg) {
    InetSocketAddress group = leg.optional("multicast", Addresses::multicast);
    String interfaceName = leg.required("interface", Addresses::interfaceName, "eth0");
    int ttl = leg.value("ttl", Values.integer(0, HIGHEST_TTL), 1);
    return group == null || interfaceName == null ? null : Leg.multicast(group, interfaceName, ttl);
  }

  private static @Nullable Leg unicast(Section leg, String key, boolean isRelay) {
    for (String multicastOnly : new String[] {"interface", "ttl"}) {
      Setting found = leg.find(multicastOnly);
      if (found != null) {
        found.wrong("belongs to a multicast leg; a unicast leg follows the routes of the host");
      }
    }
    InetSocketAddress address =
        leg.optional(key, isRelay ? Addresses::destination : Addresses::unicast);
    return address == null ? null : Leg.unicast(address);
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
