package parley.keys.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import parley.keys.FakeClock;

/// So many requests at once, and then one after each interval.
class RequestLimitsTest {
  private final FakeClock clock = new FakeClock(Instant.parse("2026-11-23T12:00:00Z"));
  private final RequestLimits limits = new RequestLimits(3, Duration.ofSeconds(2), clock);

  @Test
  void admitsABurstAndThenOneAtATime() {
    assertThat(admitted("a", 10)).isEqualTo(3);
    clock.pass(Duration.ofMillis(1999));
    assertThat(admitted("a", 10)).isZero();
    clock.pass(Duration.ofMillis(1));
    assertThat(admitted("a", 10)).isEqualTo(1);
    clock.pass(Duration.ofHours(1));
    assertThat(admitted("a", 10)).isEqualTo(3);
  }

  @Test
  void countsEachAskerApart() {
    assertThat(admitted("a", 10)).isEqualTo(3);
    assertThat(admitted("b", 10)).isEqualTo(3);
  }

  @Test
  void countsTheSubnetsOfIpv6() {
    assertThat(limits.admits(peer("2001:db8::1"))).isTrue();
    assertThat(limits.admits(peer("2001:db8::2"))).isTrue();
    assertThat(limits.isExhausted(peer("2001:db8::ffff:1"))).isFalse();
    assertThat(limits.admits(peer("2001:db8::3"))).isTrue();
    assertThat(limits.isExhausted(peer("2001:db8::ffff:1"))).isTrue();
    assertThat(limits.admits(peer("2001:db8::4"))).isFalse();
    assertThat(limits.admits(peer("2001:db8:0:1::4"))).isTrue();
    assertThat(limits.admits(peer("192.0.2.1"))).isTrue();
    assertThat(limits.admits(peer("192.0.2.2"))).isTrue();
  }

  @Test
  void aClockThatIsSetBackLocksNobodyOut() {
    assertThat(admitted("a", 10)).isEqualTo(3);
    clock.pass(Duration.ofHours(-5));
    assertThat(admitted("a", 10)).isZero();
    clock.pass(Duration.ofSeconds(2));
    assertThat(admitted("a", 10)).isEqualTo(1);
  }

  @Test
  void remembersThoseWhoAskedLast() {
    var two = new RequestLimits(1, Duration.ofSeconds(2), 2, clock);
    assertThat(two.admits("a")).isTrue();
    assertThat(two.admits("b")).isTrue();
    assertThat(two.admits("a")).isFalse();
    assertThat(two.admits("c")).isTrue();
    assertThat(two.admits("a")).isFalse();
    assertThat(two.admits("b")).as("forgotten").isTrue();
  }

  private int admitted(String asker, int times) {
    int admitted = 0;
    for (int i = 0; i < times; i++) {
      if (limits.admits(asker)) {
        admitted++;
      }
    }
    return admitted;
  }

  private static InetSocketAddress peer(String address) {
    return new InetSocketAddress(address, 1);
  }
}
