package parley.gateway.media;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is known of each packet of a batch beside its octets, slot by slot.
///
/// A slot without a stream goes no further: it was handed over, held, or dropped and counted.
final class Arrivals {
  private final @Nullable Stream[] streams;
  private final @Nullable LegCounters[] legs;
  private final boolean[] rtcp;
  private final long[] receivedUnixNanos;

  Arrivals(int capacity) {
    streams = new @Nullable Stream[capacity];
    legs = new @Nullable LegCounters[capacity];
    rtcp = new boolean[capacity];
    receivedUnixNanos = new long[capacity];
  }

  /// Notes a packet that has no stream yet.
  void note(int slot, PacketKind kind, LegCounters leg, long unixNanos) {
    streams[slot] = null;
    rtcp[slot] = kind == PacketKind.RTCP;
    legs[slot] = leg;
    receivedUnixNanos[slot] = unixNanos;
  }

  @Nullable Stream stream(int slot) {
    return streams[slot];
  }

  void stream(int slot, @Nullable Stream stream) {
    streams[slot] = stream;
  }

  boolean isRtcp(int slot) {
    return rtcp[slot];
  }

  /// The counters of the leg it came by.
  LegCounters leg(int slot) {
    return Objects.requireNonNull(legs[slot], "an empty slot came by no leg");
  }

  long receivedUnixNanos(int slot) {
    return receivedUnixNanos[slot];
  }

  void copy(int slot, Arrivals to, int toSlot) {
    to.streams[toSlot] = streams[slot];
    to.rtcp[toSlot] = rtcp[slot];
    to.legs[toSlot] = legs[slot];
    to.receivedUnixNanos[toSlot] = receivedUnixNanos[slot];
  }
}
