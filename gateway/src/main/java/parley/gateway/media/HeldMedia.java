package parley.gateway.media;

import java.util.Arrays;
import parley.srtp.PacketBatch;

/// The early packets of one announcement, in the order in which they came.
///
/// Its memory is laid out once and serves one announcement after the other. Confined to the group's
/// loop.
final class HeldMedia {
  /// Where an MKI of four octets may end, counted from the end of a packet: at the end, before a
  /// rollover counter or a tag of 32 bits, before a tag of 80 bits.
  private static final int[] MKI_FROM_END = {4, 8, 14};

  private final PacketBatch packets;
  private final Arrivals arrivals;
  private int csbId;
  private int mki;
  private int[] ssrcs = {};
  private long expiresMillis;

  HeldMedia(int capacity) {
    packets = PacketBatch.allocate(capacity, ReceivedBatch.SLOT_OCTETS);
    arrivals = new Arrivals(capacity);
  }

  /// Begins to hold for another announcement; `mki` 0 where its packets carry none.
  void begin(int newCsbId, int newMki, int[] newSsrcs, long newExpiresMillis) {
    packets.clear();
    csbId = newCsbId;
    mki = newMki;
    ssrcs = newSsrcs.clone();
    expiresMillis = newExpiresMillis;
  }

  PacketBatch packets() {
    return packets;
  }

  Arrivals arrivals() {
    return arrivals;
  }

  int csbId() {
    return csbId;
  }

  long expiresMillis() {
    return expiresMillis;
  }

  /// Whether a packet may be of this announcement. The profile is not known yet, so the MKI counts
  /// where any profile has it.
  boolean matches(PacketBatch batch, int slot, int ssrc) {
    for (int mapped : ssrcs) {
      if (mapped == ssrc) {
        return mki == 0 || carriesMki(batch, slot);
      }
    }
    return false;
  }

  private boolean carriesMki(PacketBatch batch, int slot) {
    for (int fromEnd : MKI_FROM_END) {
      int at = batch.length(slot) - fromEnd;
      if (at >= 0 && batch.buffer().getInt(batch.offset(slot) + at) == mki) {
        return true;
      }
    }
    return false;
  }

  /// Copies the packet; false when no more may be held.
  boolean add(PacketBatch batch, Arrivals from, int slot) {
    if (packets.size() == packets.capacity()) {
      return false;
    }
    int held = packets.add(batch.length(slot));
    batch.copy(slot, packets, held);
    from.copy(slot, arrivals, held);
    return true;
  }

  @Override
  public String toString() {
    return "HeldMedia[CSB %08x, SSRCs %s, %d packets]"
        .formatted(csbId, Arrays.toString(ssrcs), packets.size());
  }
}
