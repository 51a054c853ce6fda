package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/// Two hosts with one link-local address, on two links, are two.
class LinkLocalTest {
  private static final int ONE = 1;
  private static final int OTHER = 2;

  private static InetSocketAddress on(int link) throws UnknownHostException {
    byte[] octets = InetAddress.getByName("fe80::7").getAddress();
    return new InetSocketAddress(Inet6Address.getByAddress(null, octets, link), 5004);
  }

  @Test
  void legsOnTwoLinksAreTwoWithLabelsAndCountersOfTheirOwn() throws Exception {
    Leg one = Leg.unicast(on(ONE));
    Leg other = Leg.unicast(on(OTHER));
    assertThat(one).isEqualTo(Leg.unicast(on(ONE))).hasSameHashCodeAs(Leg.unicast(on(ONE)));
    assertThat(one.named("joined")).isNotEqualTo(other.named("joined"));
    assertThat(one.hasSocketOf(other)).isFalse();
    assertThat(one.name()).isEqualTo("[fe80:0:0:0:0:0:0:7%1]:5004");
    GroupCounters counters = new GroupCounters();
    assertThat(counters.leg(one, LegCounters.Direction.OUT))
        .isNotSameAs(counters.leg(other, LegCounters.Direction.OUT));
    assertThat(one.withInterface("eth0").name()).isEqualTo("[fe80:0:0:0:0:0:0:7]:5004%eth0");
  }

  /// Java gives it a scope as well, which the kernel does not.
  @Test
  void theScopeOfAnyOtherAddressSaysNothing() throws Exception {
    byte[] octets = new byte[16];
    octets[15] = 1;
    InetAddress scoped = Inet6Address.getByAddress(null, octets, ONE);
    InetAddress plain = InetAddress.getByAddress(octets);
    assertThat(Leg.unicast(new InetSocketAddress(scoped, 5004)))
        .isEqualTo(Leg.unicast(new InetSocketAddress(plain, 5004)));
  }

  @Test
  void whatComesBackIsOfTheLinkItWasSentTo() throws Exception {
    GroupCounters counters = new GroupCounters();
    LegCounters one = counters.leg(Leg.unicast(on(ONE)), LegCounters.Direction.OUT);
    LegCounters other = counters.leg(Leg.unicast(on(OTHER)), LegCounters.Direction.OUT);
    BatchErrors errors = new BatchErrors();
    errors.mayComeBack(Destination.of(on(ONE), one));
    errors.mayComeBack(Destination.of(on(OTHER), other));
    errors.cameBack(on(ONE), 0);
    assertThat(one.dropped(DropReason.SEND_BOUNCED)).isEqualTo(1);
    assertThat(other.dropped(DropReason.SEND_BOUNCED)).isZero();
  }

  @Test
  void whatComesBackOfALegWithAnInterfaceIsItsOwn() throws Exception {
    Leg leg = Leg.unicast(on(0)).withInterface("eth0");
    LegCounters counters = new GroupCounters().leg(leg, LegCounters.Direction.OUT);
    BatchErrors errors = new BatchErrors();
    errors.mayComeBack(Destination.of(leg.address(), counters));
    errors.cameBack(on(OTHER), 0);
    assertThat(counters.dropped(DropReason.SEND_BOUNCED)).isEqualTo(1);
  }
}
