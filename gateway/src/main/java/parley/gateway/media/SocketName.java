package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// An address as Linux has it in memory: a `sockaddr_in` (ip(7)) or a `sockaddr_in6` (ipv6(7)).
///
/// ```
/// family 2 (native)  port 2 (network)  address 4   zero 8
/// family 2 (native)  port 2 (network)  flow info 4  address 16  scope id 4 (native)
/// ```
///
/// @param octets how much of the four words counts
record SocketName(int octets, long first, long second, long third, int fourth) {
  /// Room for either.
  static final int ROOM_OCTETS = 32;

  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;
  private static final int INET_OCTETS = 16;
  private static final int INET6_OCTETS = 28;
  private static final int PORT = 2;
  private static final int INET_ADDRESS = 4;
  private static final int INET6_ADDRESS = 8;
  private static final int MAPPED = INET6_ADDRESS + 10;
  private static final int SCOPE = 24;
  private static final ValueLayout.OfShort NATIVE_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfShort NETWORK_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// As a socket of that family takes it: one of IPv6 reaches IPv4 by mapped addresses (RFC 4291,
  /// 2.5.5.2).
  static SocketName of(InetSocketAddress address, boolean isIpv6Socket) {
    InetAddress host = address.getAddress();
    boolean isIpv4 = host instanceof Inet4Address;
    ByteBuffer octets = ByteBuffer.allocate(ROOM_OCTETS).order(ByteOrder.nativeOrder());
    octets.putShort(0, isIpv4 && !isIpv6Socket ? AF_INET : AF_INET6);
    octets.put(PORT, (byte) (address.getPort() >>> 8)).put(PORT + 1, (byte) address.getPort());
    if (isIpv4 && !isIpv6Socket) {
      octets.put(INET_ADDRESS, host.getAddress());
    } else if (isIpv4) {
      octets.putShort(MAPPED, (short) -1).put(MAPPED + 2, host.getAddress());
    } else {
      octets.put(INET6_ADDRESS, host.getAddress());
      octets.putInt(SCOPE, host instanceof Inet6Address scoped ? scoped.getScopeId() : 0);
    }
    return new SocketName(
        isIpv4 && !isIpv6Socket ? INET_OCTETS : INET6_OCTETS,
        octets.getLong(0),
        octets.getLong(8),
        octets.getLong(16),
        octets.getInt(24));
  }

  /// Puts it into [#ROOM_OCTETS] octets of memory.
  void write(MemorySegment memory, long at) {
    memory.set(JAVA_LONG_UNALIGNED, at, first);
    memory.set(JAVA_LONG_UNALIGNED, at + 8, second);
    memory.set(JAVA_LONG_UNALIGNED, at + 16, third);
    memory.set(JAVA_INT_UNALIGNED, at + 24, fourth);
  }

  /// The address that the kernel has put there; allocates it. A mapped one is of IPv4.
  static InetSocketAddress read(MemorySegment memory, long at) {
    boolean isIpv4 = memory.get(NATIVE_SHORT, at) == AF_INET;
    int port = Short.toUnsignedInt(memory.get(NETWORK_SHORT, at + PORT));
    byte[] octets = new byte[isIpv4 ? 4 : 16];
    long from = at + (isIpv4 ? INET_ADDRESS : INET6_ADDRESS);
    MemorySegment.copy(memory, JAVA_BYTE, from, octets, 0, octets.length);
    int scope = isIpv4 ? 0 : memory.get(JAVA_INT_UNALIGNED, at + SCOPE);
    return new InetSocketAddress(host(octets, scope), port);
  }

  private static InetAddress host(byte[] octets, int scope) {
    try {
      return scope == 0
          ? InetAddress.getByAddress(octets)
          : Inet6Address.getByAddress(null, octets, scope);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(Arrays.toString(octets), e);
    }
  }
}
