package parley.keys.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AddressLimitsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AddressLimits limits =
      new AddressLimits(
          new HttpLimits(1000, 3, 2, 1, 1, Duration.ofSeconds(1)),
          () -> Instant.ofEpochSecond(0, nanos.get()));

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  @Test
  void aSecondLetsSoManyIn() {
    InetAddress a = address("192.0.2.1");
    assertThat(limits.admit(a)).isTrue();
    assertThat(limits.admit(a)).isTrue();
    assertThat(limits.admit(a)).isFalse();
    nanos.addAndGet(500_000_000);
    assertThat(limits.admit(a)).isTrue();
    assertThat(limits.admit(a)).isFalse();
  }

  @Test
  void manyThatStayKeepOthersOfTheirAddressOut() {
    InetAddress a = address("192.0.2.1");
    for (int i = 0; i < 3; i++) {
      nanos.addAndGet(1_000_000_000);
      assertThat(limits.admit(a)).isTrue();
    }
    nanos.addAndGet(1_000_000_000);
    assertThat(limits.admit(a)).isFalse();
    limits.closed(a);
    assertThat(limits.admit(a)).isTrue();
  }

  @Test
  void anotherAddressIsNotConcerned() {
    assertThat(limits.admit(address("192.0.2.1"))).isTrue();
    assertThat(limits.admit(address("192.0.2.1"))).isTrue();
    assertThat(limits.admit(address("192.0.2.1"))).isFalse();
    assertThat(limits.admit(address("192.0.2.2"))).isTrue();
  }

  @Test
  void addressesOfOneIpv6NetworkAreOne() {
    assertThat(limits.admit(address("2001:db8:0:1::1"))).isTrue();
    assertThat(limits.admit(address("2001:db8:0:1:ffff::2"))).isTrue();
    assertThat(limits.admit(address("2001:db8:0:1::3"))).isFalse();
    assertThat(limits.admit(address("2001:db8:0:2::1"))).isTrue();
  }
}
