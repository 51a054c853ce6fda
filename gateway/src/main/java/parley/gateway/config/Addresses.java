package parley.gateway.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads addresses and interface names; each failure says what would be right.
///
/// Names are refused: a leg that follows the DNS would follow whoever answers for it.
public final class Addresses {
  private static final int HIGHEST_PORT = 65_535;
  private static final Pattern INTERFACE = Pattern.compile("[!-.0-~]{1,15}");

  private Addresses() {}

  static InetSocketAddress unicast(String text) {
    InetSocketAddress address = socket(text, 1);
    if (address.getAddress().isMulticastAddress()) {
      throw wrong(text + " is a multicast address; write it as multicast: " + text);
    }
    return address;
  }

  /// An address to send to: the wildcard is none.
  public static InetSocketAddress destination(String text) {
    InetSocketAddress address = unicast(text);
    if (address.getAddress().isAnyLocalAddress()) {
      throw wrong(text + " is no destination; give the receiver's own address");
    }
    return address;
  }

  /// Where a trunk listens.
  static InetSocketAddress trunk(String text) {
    InetSocketAddress address = socket(text, 1);
    if (address.getAddress().isMulticastAddress()) {
      throw wrong(text + " is a multicast address; a trunk leads from one gateway to one other");
    }
    return address;
  }

  /// The gateway to which a trunk leads.
  static InetSocketAddress trunkTo(String text) {
    InetSocketAddress address = trunk(text);
    if (address.getAddress().isAnyLocalAddress()) {
      throw wrong(text + " is no destination; give the other gateway's own address");
    }
    return address;
  }

  /// A multicast group and its port.
  public static InetSocketAddress multicast(String text) {
    InetSocketAddress address = socket(text, 1);
    if (!address.getAddress().isMulticastAddress()) {
      throw wrong(
          text + " is no multicast address; those are 224.0.0.0 to 239.255.255.255 and ff00::/8");
    }
    return address;
  }

  /// Where a server listens; port 0 lets the system choose.
  static InetSocketAddress server(String text) {
    InetSocketAddress address = socket(text, 0);
    if (address.getAddress().isMulticastAddress()) {
      throw wrong(text + " is a multicast address; a server listens on one of the host's own");
    }
    return address;
  }

  static InetAddress source(String text) {
    InetAddress address = numeric(text);
    if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
      throw wrong(text + " is no sender; give the unicast address of the one source to accept");
    }
    return address;
  }

  /// Of an interface that need not be there yet.
  static String interfaceNameToBe(String text) {
    if (!INTERFACE.matcher(text).matches()) {
      throw wrong(text + " is no interface name; those have 1 to 15 characters, no space, no /");
    }
    return text;
  }

  /// Of an interface that is there and up.
  static String interfaceName(String text) {
    try {
      NetworkInterface found = NetworkInterface.getByName(text);
      if (found == null) {
        throw wrong("this host has no interface " + text + "; it has " + interfaces());
      }
      if (!found.isUp()) {
        throw wrong(
            "interface " + text + " is down; bring it up with: ip link set " + text + " up");
      }
      return text;
    } catch (SocketException e) {
      throw wrong("interface " + text + " cannot be looked up: " + e.getMessage());
    }
  }

  static String shown(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static InetSocketAddress socket(String text, int lowestPort) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
    if (!hasPort) {
      throw wrong(
          text + " has no port; write ADDRESS:PORT, for example 10.0.0.7:5004 or [::1]:5004");
    }
    int port = Values.integer(lowestPort, HIGHEST_PORT).apply(text.substring(colon + 1));
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return new InetSocketAddress(
        numeric(bracketed ? host.substring(1, host.length() - 1) : host), port);
  }

  private static InetAddress numeric(String text) {
    if (text.indexOf('%') >= 0) {
      throw wrong(text + " names a link; write the address alone, and the link as interface: NAME");
    }
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
    if (address == null) {
      throw wrong(text + " is no numeric address, and names are not looked up; write 10.0.0.7");
    }
    return address;
  }

  private static String interfaces() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .map(NetworkInterface::getName)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(text);
  }
}
