package parley.gateway.media;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/// What one group's media plane has counted.
///
/// Written by the group's loop alone, read by anyone: a reader sees each counter whole and rising,
/// but two counters need not be of one moment. Counting allocates nothing and locks nothing.
public final class GroupCounters {
  private static final DropReason[] REASONS = DropReason.values();

  private final AtomicLongArray drops = new AtomicLongArray(REASONS.length);
  private final CopyOnWriteArrayList<LegCounters> legs = new CopyOnWriteArrayList<>();
  private final FirstMedia firstMedia = new FirstMedia();

  /// How long receivers that joined in mid-burst waited.
  public FirstMedia firstMedia() {
    return firstMedia;
  }

  public long dropped(DropReason reason) {
    return drops.getOpaque(reason.place());
  }

  /// Packets that came in or went out, over all legs of that direction.
  public long packets(LegCounters.Direction direction) {
    long sum = 0;
    for (LegCounters leg : legs) {
      sum += leg.direction() == direction ? leg.packets() : 0;
    }
    return sum;
  }

  /// One entry for each leg and direction that this group has or had, in the order they were
  /// opened.
  public List<LegCounters> legs() {
    return List.copyOf(legs);
  }

  public void forEachLeg(Consumer<LegCounters> reader) {
    legs.forEach(reader);
  }

  /// The counters of a leg; a leg that comes back, or whose settings have changed, goes on where it
  /// stopped.
  LegCounters leg(Leg leg, LegCounters.Direction direction) {
    for (LegCounters known : legs) {
      if (known.direction() == direction && known.leg().name().equals(leg.name())) {
        known.leg(leg);
        return known;
      }
    }
    LegCounters made = new LegCounters(leg, direction, this);
    legs.add(made);
    return made;
  }

  void drop(DropReason reason, LegCounters leg) {
    drop(reason);
    leg.drop(reason);
  }

  void drop(DropReason reason) {
    drop(reason, 1);
  }

  void drop(DropReason reason, long packets) {
    add(drops, reason.place(), packets);
  }

  /// Adds to a counter that only the calling thread writes.
  static void add(AtomicLongArray counters, int index, long more) {
    counters.setOpaque(index, counters.getPlain(index) + more);
  }
}
