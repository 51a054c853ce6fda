package parley.gateway.media;

import java.util.concurrent.atomic.AtomicLongArray;

/// What one leg has counted in one direction. Written by the group's loop, read by anyone.
///
/// Outbound packets are counted when they are handed to the socket; what the socket then drops is
/// in `SEND_FULL` and `SEND_FAILED`.
public final class LegCounters {
  /// Seen from this gateway.
  public enum Direction {
    IN,
    OUT
  }

  private static final int PACKETS = 0;
  private static final int OCTETS = 1;

  private volatile Leg leg;
  private final Direction direction;
  private final AtomicLongArray traffic = new AtomicLongArray(2);
  private final AtomicLongArray drops = new AtomicLongArray(DropReason.values().length);

  LegCounters(Leg leg, Direction direction) {
    this.leg = leg;
    this.direction = direction;
  }

  public Leg leg() {
    return leg;
  }

  /// The same place with other settings.
  void leg(Leg changed) {
    leg = changed;
  }

  public Direction direction() {
    return direction;
  }

  public long packets() {
    return traffic.getOpaque(PACKETS);
  }

  /// Octets of UDP payload.
  public long octets() {
    return traffic.getOpaque(OCTETS);
  }

  public long dropped(DropReason reason) {
    return drops.getOpaque(reason.place());
  }

  void packet(int octets) {
    GroupCounters.add(traffic, PACKETS, 1);
    GroupCounters.add(traffic, OCTETS, octets);
  }

  void drop(DropReason reason) {
    GroupCounters.add(drops, reason.place(), 1);
  }
}
