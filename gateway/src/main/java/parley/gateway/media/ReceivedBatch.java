package parley.gateway.media;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// What one wake-up of a port brought: packets and where they came from.
///
/// One batch serves all ports of a loop in turn; it is valid until [BatchReader#read] returns.
public final class ReceivedBatch {
  /// Packets of one batch.
  static final int SLOTS = 64;

  /// Room for one packet, and for what re-keying adds to it. A packet that fills it may have been
  /// longer, and is dropped.
  static final int SLOT_OCTETS = 2048;

  private final PacketBatch packets;
  private final @Nullable InetSocketAddress[] sources;
  private long receivedUnixNanos;

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

  public InetSocketAddress source(int slot) {
    return Objects.requireNonNull(sources[slot], "an empty slot has no source");
  }

  /// When the batch was read, in nanoseconds since 1970 UTC; one time for all of it.
  public long receivedUnixNanos() {
    return receivedUnixNanos;
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

  void receivedAt(long unixNanos) {
    receivedUnixNanos = unixNanos;
  }

  void clear() {
    packets.clear();
  }
}
