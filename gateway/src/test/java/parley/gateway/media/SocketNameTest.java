package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Addresses come back from Linux's form as they went in.
class SocketNameTest {
  private static InetSocketAddress through(InetSocketAddress address, boolean isIpv6, int octets) {
    MemorySegment memory = Arena.ofAuto().allocate(2 * SocketName.ROOM_OCTETS);
    SocketName name = SocketName.of(address, isIpv6);
    assertThat(name.octets()).isEqualTo(octets);
    name.write(memory, SocketName.ROOM_OCTETS);
    return SocketName.read(memory, SocketName.ROOM_OCTETS);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 5004, false, 16",
    "255.254.253.252, 65535, false, 16",
    "10.1.2.3, 5004, true, 28",
    "2001:db8::7, 40000, true, 28",
    "ff0e::1, 1, true, 28",
  })
  void readsWhatItWrote(String host, int port, boolean isIpv6Socket, int octets) throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
    assertThat(through(address, isIpv6Socket, octets)).isEqualTo(address);
  }

  @Test
  void keepsTheLinkOfALinkLocalAddress() throws Exception {
    byte[] octets = InetAddress.getByName("fe80::7:2").getAddress();
    InetSocketAddress address =
        new InetSocketAddress(Inet6Address.getByAddress(null, octets, 3), 9);
    InetAddress read = through(address, true, 28).getAddress();
    assertThat(((Inet6Address) read).getScopeId()).isEqualTo(3);
  }
}
