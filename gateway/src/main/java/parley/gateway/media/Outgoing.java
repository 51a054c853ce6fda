package parley.gateway.media;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// The packets of a batch that leave, in the order in which they came, until every receiver has
/// them. They stay in their batches. Confined to the group's loop; allocates nothing.
final class Outgoing {
  private final @Nullable PacketBatch[] batches;
  private final int[] slots;
  private final boolean[] rtcp;
  private final @Nullable LegCounters[] cameBy;
  private int size;

  Outgoing(int most) {
    batches = new @Nullable PacketBatch[most];
    slots = new int[most];
    rtcp = new boolean[most];
    cameBy = new @Nullable LegCounters[most];
  }

  boolean isFull() {
    return size == slots.length;
  }

  int size() {
    return size;
  }

  /// @param by the leg by which it came, to whose multicast group it does not go back
  void add(PacketBatch batch, int slot, boolean isRtcp, @Nullable LegCounters by) {
    batches[size] = batch;
    slots[size] = slot;
    rtcp[size] = isRtcp;
    cameBy[size] = by;
    size++;
  }

  PacketBatch batch(int packet) {
    return Objects.requireNonNull(batches[packet]);
  }

  int slot(int packet) {
    return slots[packet];
  }

  boolean isRtcp(int packet) {
    return rtcp[packet];
  }

  @Nullable LegCounters cameBy(int packet) {
    return cameBy[packet];
  }

  void clear() {
    Arrays.fill(batches, 0, size, null);
    Arrays.fill(cameBy, 0, size, null);
    size = 0;
  }
}
