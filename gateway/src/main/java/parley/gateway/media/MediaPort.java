package parley.gateway.media;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// One UDP socket, confined to its event loop.
///
/// What is sent is queued and leaves with `flush`, or before it when the queue is full. The queue
/// points into the caller's batches, so those octets must stay as they are until `flush` returns;
/// what the kernel has not taken by then is dropped and counted, never kept.
public interface MediaPort extends AutoCloseable {
  InetSocketAddress local();

  /// From now on hands what arrives to `reader`, on the loop.
  void start(BatchReader reader);

  /// Queues the packet of one slot. A destination that has a leg counts its own losses there: they
  /// are neither in `sendsFull` nor in `sendsFailed`.
  void send(PacketBatch batch, int slot, Destination to);

  /// Queues the octets between position and limit of a direct or heap buffer.
  void send(ByteBuffer octets, Destination to);

  /// For a receiver that is sent to once; one that is sent to often gets a [Destination].
  default void send(PacketBatch batch, int slot, InetSocketAddress to) {
    send(batch, slot, Destination.of(to));
  }

  /// As above, for octets.
  default void send(ByteBuffer octets, InetSocketAddress to) {
    send(octets, Destination.of(to));
  }

  void flush();

  /// Datagrams dropped so far because the kernel's send buffer was full.
  long sendsFull();

  /// Datagrams the kernel refused so far, for example for want of a route.
  long sendsFailed();

  /// Whether it is a group's share of a trunk: what it hears came from another gateway, and it
  /// reaches nobody else.
  default boolean isTrunk() {
    return false;
  }

  /// Why this socket cannot work now, one sentence; null when it can. Any thread.
  default @Nullable String fault() {
    return null;
  }

  @Override
  void close();
}
