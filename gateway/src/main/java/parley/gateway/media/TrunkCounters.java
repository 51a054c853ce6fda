package parley.gateway.media;

import java.util.concurrent.atomic.AtomicLongArray;

/// What the trunks of one place have counted in one direction; what their groups have is in
/// [LegCounters]. Loops write, anyone reads.
///
/// Frames by messages is how many packets travel together: a message is what one system call of the
/// kernel takes or gives as a whole.
public final class TrunkCounters {
  private static final int FRAMES = 0;
  private static final int MESSAGES = 1;

  private final String name;
  private final LegCounters.Direction direction;
  private final AtomicLongArray traffic = new AtomicLongArray(2);
  private final AtomicLongArray drops = new AtomicLongArray(TrunkDrop.values().length);

  TrunkCounters(String name, LegCounters.Direction direction) {
    this.name = name;
    this.direction = direction;
  }

  /// `10.0.0.9:5010`.
  public String name() {
    return name;
  }

  public LegCounters.Direction direction() {
    return direction;
  }

  /// Packets of all groups, with those that are dropped here.
  public long frames() {
    return traffic.get(FRAMES);
  }

  public long messages() {
    return traffic.get(MESSAGES);
  }

  public long dropped(TrunkDrop reason) {
    return drops.get(reason.place());
  }

  void carried(int frames, int messages) {
    traffic.getAndAdd(FRAMES, frames);
    traffic.getAndAdd(MESSAGES, messages);
  }

  void drop(TrunkDrop reason, long frames) {
    drops.getAndAdd(reason.place(), frames);
  }
}
