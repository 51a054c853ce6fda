package parley.gateway.media;

import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// The installed streams of one group, found by SSRC and then by MKI.
///
/// Open addressing with linear probing, at most half full. Streams of one SSRC, of bursts that
/// overlap or of talkers who collide, lie in the order in which they were added, and the packet's
/// MKI chooses. Confined to the group's loop; finding allocates nothing.
final class StreamTable {
  /// The golden ratio, to spread SSRCs that somebody chose.
  private static final int SPREAD = 0x9e3779b9;

  private final @Nullable Stream[] slots;
  private final int shift;
  private final int capacity;
  private int size;

  StreamTable(int capacity) {
    int bits = 33 - Integer.numberOfLeadingZeros(Math.max(1, capacity - 1));
    this.slots = new @Nullable Stream[1 << bits];
    this.shift = 32 - bits;
    this.capacity = capacity;
  }

  int size() {
    return size;
  }

  boolean hasRoom(int streams) {
    return size + streams <= capacity;
  }

  /// @throws IllegalStateException when the table is full
  void add(Stream stream) {
    if (!hasRoom(1)) {
      throw new IllegalStateException("all " + capacity + " streams of the group are taken");
    }
    int i = home(stream.ssrc());
    while (slots[i] != null) {
      i = next(i);
    }
    slots[i] = stream;
    size++;
  }

  /// The stream whose SSRC and MKI the packet carries. Where `mkiOptional` holds, one without MKI
  /// is found when none with MKI fits.
  @Nullable Stream find(
      PacketBatch batch, int slot, int ssrc, boolean isRtcp, boolean mkiOptional) {
    Stream withoutMki = null;
    for (int i = home(ssrc); ; i = next(i)) {
      Stream stream = slots[i];
      if (stream == null) {
        return mkiOptional ? withoutMki : null;
      }
      if (stream.ssrc() == ssrc) {
        if (!stream.hasMki()) {
          withoutMki = withoutMki == null ? stream : withoutMki;
        } else if (stream.matchesMki(batch, slot, isRtcp)) {
          return stream;
        }
      }
    }
  }

  boolean knows(int ssrc) {
    for (int i = home(ssrc); ; i = next(i)) {
      Stream stream = slots[i];
      if (stream == null || stream.ssrc() == ssrc) {
        return stream != null;
      }
    }
  }

  /// Takes this very stream out; true when it was there.
  boolean remove(Stream gone) {
    int hole = home(gone.ssrc());
    while (slots[hole] != gone) {
      if (slots[hole] == null) {
        return false;
      }
      hole = next(hole);
    }
    close(hole);
    size--;
    return true;
  }

  /// Moves every stream that the hole would hide from its home one place nearer, without changing
  /// their order.
  private void close(int firstHole) {
    int hole = firstHole;
    for (int i = next(hole); ; i = next(i)) {
      Stream stream = slots[i];
      if (stream == null) {
        slots[hole] = null;
        return;
      }
      if (distance(home(stream.ssrc()), i) >= distance(hole, i)) {
        slots[hole] = stream;
        hole = i;
      }
    }
  }

  private int home(int ssrc) {
    return (ssrc * SPREAD) >>> shift;
  }

  private int next(int i) {
    return (i + 1) & (slots.length - 1);
  }

  private int distance(int from, int to) {
    return (to - from) & (slots.length - 1);
  }
}
