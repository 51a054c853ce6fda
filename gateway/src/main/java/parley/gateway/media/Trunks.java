package parley.gateway.media;

import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.LegCounters.Direction;

/// The trunks of one transport: a socket for each loop, direction and place, however many groups
/// share it. A place is an address and what its socket must have; groups of two loops that send to
/// one gateway have two sockets and one set of counters.
final class Trunks {
  /// Makes a trunk's socket and opens it, on the loop.
  interface Sockets {
    SocketPort open(Leg leg, EventLoop loop, TrunkCounters counters, @Nullable TrunkInbox inbox)
        throws PortUnavailable;
  }

  private record Place(
      EventLoop loop,
      Direction direction,
      InetSocketAddress address,
      @Nullable String interfaceName,
      int dscp) {
    Place(EventLoop loop, Direction direction, Leg leg) {
      this(loop, direction, leg.address(), leg.interfaceName(), leg.dscp());
    }
  }

  private final Sockets sockets;
  private final Map<Place, Trunk> open = new ConcurrentHashMap<>();
  private final List<TrunkCounters> counters = new CopyOnWriteArrayList<>();

  Trunks(Sockets sockets) {
    this.sockets = sockets;
  }

  /// One for each direction and label that there is or was.
  List<TrunkCounters> counters() {
    return List.copyOf(counters);
  }

  /// On the loop.
  MediaPort listening(Leg leg, EventLoop loop, NettyTransport.LoopMemory memory)
      throws PortUnavailable {
    TrunkCounters in = countersOf(leg, Direction.IN);
    return port(leg, new Place(loop, Direction.IN, leg), in, new TrunkInbox(memory, in));
  }

  /// On the loop.
  MediaPort sending(Leg leg, EventLoop loop) throws PortUnavailable {
    return port(leg, new Place(loop, Direction.OUT, leg), countersOf(leg, Direction.OUT), null);
  }

  private MediaPort port(Leg leg, Place place, TrunkCounters counting, @Nullable TrunkInbox inbox)
      throws PortUnavailable {
    Trunk known = open.get(place);
    if (known == null) {
      SocketPort socket = sockets.open(leg, place.loop(), counting, inbox);
      known = new Trunk(socket, inbox, () -> open.remove(place));
      open.put(place, known);
    }
    return known.port(requireNonNull(leg.tag(), "not a trunk"));
  }

  private synchronized TrunkCounters countersOf(Leg leg, Direction direction) {
    String name = Leg.label(leg.address(), leg.interfaceName());
    for (TrunkCounters known : counters) {
      if (known.direction() == direction && known.name().equals(name)) {
        return known;
      }
    }
    TrunkCounters made = new TrunkCounters(name, direction);
    counters.add(made);
    return made;
  }
}
