package parley.gateway.media;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The interfaces and addresses of this host at one moment.
record Links(Map<String, Link> byName, Set<InetAddress> addresses) {
  /// @param index by which sockets hold on to an interface; one that comes back has another
  record Link(int index, boolean isUp) {}

  Links {
    byName = Map.copyOf(byName);
    addresses = Set.copyOf(addresses);
  }

  static Links now() throws SocketException {
    Map<String, Link> links = new HashMap<>();
    Set<InetAddress> addresses = new HashSet<>();
    for (NetworkInterface found : NetworkInterface.networkInterfaces().toList()) {
      links.put(found.getName(), new Link(found.getIndex(), isUp(found)));
      found.inetAddresses().forEach(addresses::add);
    }
    return new Links(links, addresses);
  }

  /// One that has vanished since it was listed is down.
  private static boolean isUp(NetworkInterface found) {
    try {
      return found.isUp();
    } catch (SocketException _) {
      return false;
    }
  }

  @Nullable Link find(@Nullable String name) {
    return name == null ? null : byName.get(name);
  }

  /// `eth0, eth1, lo`
  String names() {
    return byName.keySet().stream().sorted().collect(Collectors.joining(", "));
  }

  boolean has(InetAddress address) {
    return address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || addresses.contains(address);
  }
}
