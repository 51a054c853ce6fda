package parley.mikey.transport;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/// Where media goes: the `c=` of SDP (RFC 8866, 5.7), never looked up.
///
/// @param family `IP4` or `IP6`
/// @param address numeric or a name, with `/TTL` and `/NUMBER` where it has them
public record ConnectionAddress(String family, String address) {
  private static final Pattern FAMILY = Pattern.compile("IP[46]");
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Za-z.:-]{1,255}(/[0-9]{1,3}){0,2}");

  public ConnectionAddress {
    if (!FAMILY.matcher(family).matches() || !ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException("a connection is IP4 or IP6 and an address");
    }
  }

  /// A numeric address; multicast of IPv4 states its TTL.
  public static ConnectionAddress of(InetAddress address, int ttl) {
    boolean isIp4 = address instanceof Inet4Address;
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    text = scope < 0 ? text : text.substring(0, scope);
    return new ConnectionAddress(
        isIp4 ? "IP4" : "IP6", isIp4 && address.isMulticastAddress() ? text + "/" + ttl : text);
  }

  @Override
  public String toString() {
    return "IN " + family + " " + address;
  }
}
