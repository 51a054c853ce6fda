package parley.gateway.media;

import io.netty.channel.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where media sockets and the event loops that own them come from.
///
/// Thread-safe. The sockets it makes are confined to the loop they were made for.
public interface MediaTransport extends AutoCloseable {
  /// Asked of the kernel for each direction of each socket; it grants up to net.core.rmem_max and
  /// wmem_max.
  int SOCKET_BUFFER_OCTETS = 4 << 20;

  /// `batch`, `netty` or `nio`.
  String name();

  /// The loop that shall own the next group; loops are dealt out in turn.
  EventLoop nextLoop();

  /// A socket that hears `listen`: bound, and joined when the address is a multicast group.
  ///
  /// Each multicast leg has a socket of its own, bound to its group: it hears no other group, and
  /// net.ipv4.igmp_max_memberships, which counts by socket, sets no limit to the legs.
  ///
  /// An interface or address that vanishes later, or is not there yet and the leg waits for it, is
  /// [MediaPort#fault]; the socket joins and binds again by itself when it is back.
  ///
  /// The trunks of one place on one loop share a socket, which lives as long as one of them; each
  /// hears the packets of its own group alone.
  ///
  /// Waits for the loop; call it from another thread or from `loop` itself.
  MediaPort bind(Leg listen, EventLoop loop) throws PortUnavailable;

  /// A socket that only sends: with the interface, TTL and DSCP of `out`, or for any unicast
  /// receiver when that is null. Trunks share one, as above.
  MediaPort sender(@Nullable Leg out, EventLoop loop) throws PortUnavailable;

  /// How long packets stay here, one for each loop that has sockets. Any thread.
  default List<PacketLatency> latencies() {
    return List.of();
  }

  /// What each trunk has counted, one for each direction and place. Any thread.
  default List<TrunkCounters> trunks() {
    return List.of();
  }

  /// Closes every socket and ends the loops; waits until they have ended.
  @Override
  void close();
}
