package parley.gateway.media;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// What one wake-up of a port brought: packets, when they came and where from.
///
/// One batch serves all ports of a loop in turn; it is valid until [BatchReader#read] returns.
public final class ReceivedBatch implements Sources {
  /// Packets of one batch.
  static final int SLOTS = 64;

  /// Room for one packet, and for what re-keying adds to it. A packet that fills it may have been
  /// longer, and is dropped.
  static final int SLOT_OCTETS = 2048;

  private final PacketBatch packets;
  private final @Nullable InetSocketAddress[] sources;
  private final long[] receivedUnixNanos = new long[SLOTS];
  private @Nullable Sources from;
  private long overflowed;

  ReceivedBatch() {
    packets = newBatch();
    sources = new @Nullable InetSocketAddress[SLOTS];
  }

  /// Memory for as many packets as one batch may bring.
  static PacketBatch newBatch() {
    return PacketBatch.allocate(SLOTS, SLOT_OCTETS);
  }

  public PacketBatch packets() {
    return packets;
  }

  /// Who sent the packet. May allocate, once for each slot: nothing for the way of every packet.
  @Override
  public InetSocketAddress source(int slot) {
    InetSocketAddress known = sources[slot];
    if (known == null) {
      known = Objects.requireNonNull(from, "an empty slot has no source").source(slot);
      sources[slot] = known;
    }
    return known;
  }

  /// When the packet came, in nanoseconds since 1970 UTC: at the kernel where it tells, else when
  /// the batch was read.
  public long receivedUnixNanos(int slot) {
    return receivedUnixNanos[slot];
  }

  /// Packets that the kernel dropped before these for want of room in the socket's receive buffer,
  /// as far as it told with them.
  long overflowed() {
    return overflowed;
  }

  boolean isFull() {
    return packets.size() == packets.capacity();
  }

  boolean isEmpty() {
    return packets.size() == 0;
  }

  /// Takes a slot for `octets` octets of `source`; the caller fills it. Returns the slot's number.
  int add(int octets, InetSocketAddress source) {
    int slot = packets.add(octets);
    sources[slot] = source;
    return slot;
  }

  /// Takes a slot for what was received into it, or will be; `whence` is asked for its source.
  /// Returns the slot's number.
  int add(int octets, Sources whence, long unixNanos) {
    int slot = packets.add(octets);
    from = whence;
    receivedUnixNanos[slot] = unixNanos;
    return slot;
  }

  /// One time for all packets.
  void receivedAt(long unixNanos) {
    Arrays.fill(receivedUnixNanos, 0, packets.size(), unixNanos);
  }

  void overflowed(long more) {
    overflowed += more;
  }

  void clear() {
    Arrays.fill(sources, 0, packets.size(), null);
    packets.clear();
    overflowed = 0;
  }
}
