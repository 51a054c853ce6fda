package parley.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.gateway.keying.JoinSettings;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.RtcpMode;

/// What this host's kernel is too small or too strict for, one sentence each with the command that
/// helps. Advice only: the gateway starts with it all the same.
public final class NetworkAdvice {
  private static final int STRICT = 1;
  private static final int LONGEST_OCTETS = 64;

  /// For the JVM, the vault, recordings, HTTP.
  private static final int OTHER_DESCRIPTORS = 256;

  /// The batch path reads and writes by a second one of each socket.
  private static final int DESCRIPTORS_OF_BATCH = 2;

  /// What IPv4 and IPv6 keep for one neighbour that they ask for: a few dozen packets of speech.
  private static final int ENOUGH_FOR_A_NEIGHBOUR = 16_384;

  private final Path settings;
  private final boolean mayBeBatch;
  private final List<Leg> listens;
  private final List<Leg> relays;
  private final long receivers;
  private final List<String> advice = new ArrayList<>();

  private NetworkAdvice(Path settings, GatewayConfig config) {
    this.settings = settings;
    this.listens = config.groups().stream().flatMap(g -> g.listen().stream()).toList();
    this.mayBeBatch = !Set.of("netty", "nio").contains(config.media().io());
    this.relays = config.groups().stream().flatMap(g -> g.relay().stream()).toList();
    this.receivers = config.groups().stream().mapToLong(NetworkAdvice::receivers).max().orElse(0);
  }

  /// Empty where all is well, and for settings that this system does not have.
  public static List<String> of(GatewayConfig config) {
    return of(config, Path.of("/proc/sys"), descriptors());
  }

  static List<String> of(GatewayConfig config, Path settings, long descriptors) {
    NetworkAdvice made = new NetworkAdvice(settings, config);
    made.buffers();
    made.neighbours();
    made.memberships();
    made.sourceValidation();
    made.ipv6();
    made.descriptors(descriptors);
    made.waiting();
    return List.copyOf(made.advice);
  }

  private void buffers() {
    for (String name : new String[] {"net.core.rmem_max", "net.core.wmem_max"}) {
      int wanted = MediaTransport.SOCKET_BUFFER_OCTETS;
      value(name).stream()
          .filter(value -> value < wanted)
          .forEach(value ->
              advice.add(
                  "%s is %d, and each media socket asks for %d octets: a burst may not fit; sysctl -w %s=%d"
                      .formatted(name, value, wanted, name, wanted)));
    }
  }

  /// Those that one socket may send to.
  private static long receivers(GroupConfig group) {
    JoinSettings joins = group.receivers();
    long configured =
        group.relay().stream().filter(leg -> !leg.isMulticast() && !leg.sendsByItself()).count();
    return configured + (joins == null ? 0 : joins.max());
  }

  /// Packets for a neighbour that does not answer are kept at the cost of the socket's send buffer,
  /// of which Linux grants twice what is asked for.
  private void neighbours() {
    long buffer =
        2 * Math.min(MediaTransport.SOCKET_BUFFER_OCTETS, value("net.core.wmem_max").orElse(0));
    for (String family : new String[] {"ipv4", "ipv6"}) {
      String name = "net.%s.neigh.default.unres_qlen_bytes".formatted(family);
      value(name).stream()
          .filter(value -> value > ENOUGH_FOR_A_NEIGHBOUR && value * receivers > buffer)
          .forEach(value ->
              advice.add(
                  "%s is %d: %d receivers that vanish from their link at once fill a send buffer, and the others lose packets; sysctl -w %s=%d, and the same for each interface in place of default"
                      .formatted(name, value, buffer / value + 1, name, ENOUGH_FOR_A_NEIGHBOUR)));
    }
  }

  /// The limit is by socket, and each multicast leg has a socket of its own.
  private void memberships() {
    String name = "net.ipv4.igmp_max_memberships";
    if (listens.stream().anyMatch(Leg::isMulticast)) {
      value(name).stream()
          .filter(value -> value < 1)
          .forEach(value ->
              advice.add(
                  "%s is %d, so no group can be joined; sysctl -w %s=20"
                      .formatted(name, value, name)));
    }
  }

  private void sourceValidation() {
    long all = value("net.ipv4.conf.all.rp_filter").orElse(0);
    for (String name : interfaces(leg -> leg.isMulticast() && isIpv4(leg))) {
      String setting = setting("ipv4", name, "rp_filter");
      long effective = Math.max(all, value("ipv4", name, "rp_filter").orElse(0));
      if (effective == STRICT) {
        advice.add(
            "%s is strict: multicast from senders that this host would not reach by %s is dropped by the kernel; sysctl -w %s=2"
                .formatted(setting, name, setting));
      }
    }
  }

  private void ipv6() {
    for (String name : interfaces(leg -> !isIpv4(leg))) {
      String setting = setting("ipv6", name, "disable_ipv6");
      if (value("ipv6", name, "disable_ipv6").orElse(0) == 1) {
        advice.add(
            "IPv6 is switched off on %s, and a leg needs it; sysctl -w %s=0"
                .formatted(name, setting));
      }
    }
  }

  private void descriptors(long most) {
    long rtcp = listens.stream().filter(leg -> leg.rtcp() == RtcpMode.NEXT_PORT).count();
    long sockets = listens.size() + rtcp + relays.stream().filter(Leg::sendsByItself).count();
    long needed = OTHER_DESCRIPTORS + sockets * (mayBeBatch ? DESCRIPTORS_OF_BATCH : 1);
    if (most < needed) {
      advice.add(
          "this process may open %d files and sockets and may need %d; set LimitNOFILE=%d in its unit, or ulimit -n %d"
              .formatted(most, needed, 4 * needed, 4 * needed));
    }
  }

  private void waiting() {
    for (String name : interfaces(Leg::waits)) {
      if (!isThere(name)) {
        advice.add(
            "interface %s is not there now; its legs wait for it (ip link shows what there is)"
                .formatted(name));
      }
    }
  }

  private static boolean isThere(String name) {
    try {
      return NetworkInterface.getByName(name) != null;
    } catch (SocketException _) {
      return false;
    }
  }

  private Set<String> interfaces(Predicate<Leg> which) {
    Set<String> names = new LinkedHashSet<>();
    Stream.concat(listens.stream(), relays.stream())
        .filter(which)
        .map(Leg::interfaceName)
        .forEach(name -> {
          if (name != null) {
            names.add(name);
          }
        });
    return names;
  }

  private static boolean isIpv4(Leg leg) {
    return leg.address().getAddress() instanceof Inet4Address;
  }

  /// Of `net.core.rmem_max` and the like.
  private OptionalLong value(String name) {
    return read(name.replace('.', '/'));
  }

  /// The name of an interface may hold dots of its own.
  private OptionalLong value(String family, String interfaceName, String name) {
    return read("net/%s/conf/%s/%s".formatted(family, interfaceName, name));
  }

  /// In one piece: of a number in /proc/sys a second read gives nothing.
  private OptionalLong read(String path) {
    byte[] octets = new byte[LONGEST_OCTETS];
    try (InputStream file = Files.newInputStream(settings.resolve(path))) {
      int read = Math.max(0, file.read(octets));
      String text = new String(octets, 0, read, StandardCharsets.US_ASCII);
      return OptionalLong.of(Long.parseLong(text.strip()));
    } catch (IOException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /// As sysctl(8) takes it: a dot inside the name of an interface is a slash there.
  private static String setting(String family, String interfaceName, String name) {
    return "net.%s.conf.%s.%s".formatted(family, interfaceName.replace('.', '/'), name);
  }

  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
