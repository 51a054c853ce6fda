package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whose the answers to datagrams are, with more receivers than the book holds.
class BatchErrorsTest {
  private static final int ROOM = 4096;

  private final GroupCounters counters = new GroupCounters();
  private final LegCounters leg = counters.leg(Leg.unicast(at(0)), LegCounters.Direction.OUT);
  private final List<Destination> receivers = new ArrayList<>();
  private long nowNanos;
  private final BatchErrors errors = new BatchErrors(() -> nowNanos);

  private static InetSocketAddress at(int n) {
    try {
      byte[] host = {10, 0, (byte) (n >>> 8), (byte) n};
      return new InetSocketAddress(InetAddress.getByAddress(host), 5004);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void sendToMoreThanTheBookHolds() {
    for (int i = 0; i < ROOM + 100; i++) {
      receivers.add(Destination.of(at(i), leg));
    }
    receivers.forEach(errors::mayComeBack);
  }

  private boolean isCounted(int receiver) {
    long before = leg.dropped(DropReason.SEND_BOUNCED);
    errors.cameBack(at(receiver), 0);
    return leg.dropped(DropReason.SEND_BOUNCED) == before + 1;
  }

  @Test
  void aFullBookStaysAsItIsHoweverOftenAllAreSentTo() {
    nowNanos = TimeUnit.HOURS.toNanos(1);
    receivers.forEach(errors::mayComeBack);
    assertThat(isCounted(0)).isTrue();
    assertThat(isCounted(ROOM - 1)).isTrue();
    assertThat(isCounted(ROOM)).as("has no room in it").isFalse();
  }

  @Test
  void aNewcomerOfAFullBookWaitsUntilItIsOld() {
    errors.mayComeBack(Destination.of(at(ROOM + 200), leg));
    assertThat(isCounted(ROOM + 200)).isFalse();
    nowNanos = TimeUnit.SECONDS.toNanos(61);
    errors.mayComeBack(Destination.of(at(ROOM + 201), leg));
    assertThat(isCounted(ROOM + 201)).isTrue();
    assertThat(isCounted(0)).as("not sent to since").isFalse();
    errors.mayComeBack(receivers.getFirst());
    assertThat(isCounted(0)).isTrue();
  }
}
