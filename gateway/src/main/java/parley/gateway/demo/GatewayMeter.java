package parley.gateway.demo;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import parley.gateway.admin.GatewayStatus;
import parley.gateway.admin.GroupStatus;
import parley.gateway.media.DropReason;
import parley.gateway.media.LegCounters;
import parley.mikey.group.Refusal;
import parley.mikey.identity.Identity;

/// Reads the gateway's own counters, as its metrics do.
final class GatewayMeter {
  private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

  private final GatewayStatus gateway;

  GatewayMeter(GatewayStatus gateway) {
    this.gateway = gateway;
  }

  /// Announcements to fire-ops that were refused for this reason.
  long refused(Refusal reason) {
    return group(Cast.FIRE_OPS).refused().getOrDefault(reason, 0L);
  }

  /// Packets of fire-ops that were dropped for this reason.
  long dropped(DropReason reason) {
    return group(Cast.FIRE_OPS).media().dropped(reason);
  }

  /// Everything of fire-ops that was refused or dropped.
  long refused() {
    GroupStatus group = group(Cast.FIRE_OPS);
    long packets = Arrays.stream(DropReason.values()).mapToLong(group.media()::dropped).sum();
    return packets + group.refused().values().stream().mapToLong(Long::longValue).sum();
  }

  /// Datagrams sent to listeners of both groups: media, reports, announcements.
  long relayed() {
    return group(Cast.FIRE_OPS).media().packets(LegCounters.Direction.OUT)
        + group(Cast.JOINT_OPS).media().packets(LegCounters.Direction.OUT);
  }

  /// Waits until a counter has reached `target`, but not for ever.
  static void await(LongSupplier counter, long target, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (counter.getAsLong() < target && System.nanoTime() < end) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private GroupStatus group(Identity id) {
    return gateway.groups().stream()
        .filter(group -> group.group().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the gateway does not serve " + id));
  }
}
