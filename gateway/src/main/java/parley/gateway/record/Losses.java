package parley.gateway.record;

/// Packets lost in a row, until a gap record can say so. Confined to one thread.
final class Losses {
  private long packets;
  private long octets;
  private long firstNanos;
  private long lastNanos;

  void count(long nanos, long lostOctets) {
    if (packets == 0) {
      firstNanos = nanos;
    }
    lastNanos = nanos;
    packets++;
    octets += lostOctets;
  }

  /// Takes over a gap that could not be recorded either.
  void add(Entry.Gap gap) {
    if (packets == 0) {
      firstNanos = gap.firstNanos();
    }
    lastNanos = gap.lastNanos();
    packets += gap.packets();
    octets += gap.octets();
  }

  boolean isEmpty() {
    return packets == 0;
  }

  long packets() {
    return packets;
  }

  long octets() {
    return octets;
  }

  long firstNanos() {
    return firstNanos;
  }

  long lastNanos() {
    return lastNanos;
  }

  void clear() {
    packets = 0;
    octets = 0;
  }

  /// The gap so far; counting starts anew.
  Entry.Gap take(GapCause cause) {
    var gap = new Entry.Gap(firstNanos, lastNanos, packets, octets, cause);
    clear();
    return gap;
  }
}
