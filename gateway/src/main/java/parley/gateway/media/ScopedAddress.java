package parley.gateway.media;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/// An address together with the link on which it counts: two hosts may have the same link-local
/// address on two links, and Java calls the two equal ([Inet6Address#equals] leaves the scope out).
///
/// @param scope the number of the interface; 0 for an address that is not link-local
public record ScopedAddress(InetSocketAddress address, int scope) {
  public static ScopedAddress of(InetSocketAddress address) {
    return new ScopedAddress(address, scope(address));
  }

  public static boolean isSame(InetSocketAddress one, InetSocketAddress other) {
    return one.equals(other) && scope(one) == scope(other);
  }

  private static int scope(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address six && six.isLinkLocalAddress()
        ? six.getScopeId()
        : 0;
  }
}
