package parley.bench.rig;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// Where the groups of a gateway listen: at one port, each at an IPv4 address of its own.
///
/// @param first the address of the first group; the others follow
public record LegAddresses(int first, int port) {
  public int host(int group) {
    return first + group;
  }

  public InetSocketAddress of(int group) {
    byte[] octets = ByteBuffer.allocate(Integer.BYTES).putInt(host(group)).array();
    try {
      return new InetSocketAddress(InetAddress.getByAddress(octets), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("four octets are an address", e);
    }
  }
}
