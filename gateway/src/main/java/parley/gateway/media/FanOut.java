package parley.gateway.media;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// Sends the packets of a batch to every relay leg of a group: one queue for each socket, the
/// octets of a packet once in memory however many receive it.
///
/// Unicast legs share a socket, the group's first listening one where it can reach them; each
/// multicast leg, and each with an interface or a DSCP, has its own. Confined to the group's loop.
final class FanOut {
  /// One relay leg at work.
  ///
  /// @param echo counters of the listening leg on the same multicast address, if there is one: what
  ///   came from there does not go back
  private record Output(
      Leg leg,
      Socket socket,
      InetSocketAddress rtp,
      InetSocketAddress rtcp,
      LegCounters counters,
      @Nullable LegCounters echo) {}

  /// A socket that sends, and what of its losses has been counted.
  private static final class Socket {
    private final MediaPort port;
    private final boolean isOurs;
    private long full;
    private long failed;

    Socket(MediaPort port, boolean isOurs) {
      this.port = port;
      this.isOurs = isOurs;
    }
  }

  private final MediaTransport transport;
  private final EventLoop loop;
  private final GroupCounters counters;
  private final List<LegCounters> listening = new ArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();

  FanOut(MediaTransport transport, EventLoop loop, GroupCounters counters) {
    this.transport = transport;
    this.loop = loop;
    this.counters = counters;
  }

  /// A socket that listens, and may send to unicast legs.
  void listensOn(LegCounters leg, MediaPort port) {
    listening.add(leg);
    sockets.add(new Socket(port, false));
  }

  void add(Leg leg) throws PortUnavailable {
    if (isRelay(leg)) {
      return;
    }
    Socket socket = leg.sendsByItself() ? own(leg) : unicast(leg);
    counters.leg(leg, LegCounters.Direction.OUT).worksBy(socket.isOurs ? socket.port : null);
    outputs.add(
        new Output(
            leg,
            socket,
            leg.address(),
            leg.rtcpAddress(),
            counters.leg(leg, LegCounters.Direction.OUT),
            echo(leg)));
  }

  void remove(Leg leg) {
    for (Output output : List.copyOf(outputs)) {
      if (output.leg().equals(leg)) {
        outputs.remove(output);
        output.counters().worksBy(null);
        if (leg.sendsByItself()) {
          sockets.remove(output.socket());
          output.socket().port.close();
        }
      }
    }
  }

  boolean isRelay(Leg leg) {
    return legs().contains(leg);
  }

  List<Leg> legs() {
    return outputs.stream().map(Output::leg).toList();
  }

  private Socket own(Leg leg) throws PortUnavailable {
    return opened(transport.sender(leg, loop));
  }

  private Socket unicast(Leg leg) throws PortUnavailable {
    Class<?> family = leg.address().getAddress().getClass();
    for (Socket socket : sockets) {
      if (!socket.isOurs && socket.port.local().getAddress().getClass().equals(family)) {
        return socket;
      }
    }
    for (Output output : outputs) {
      if (!output.leg().sendsByItself() && output.socket().isOurs) {
        return output.socket();
      }
    }
    return opened(transport.sender(null, loop));
  }

  private Socket opened(MediaPort port) {
    Socket socket = new Socket(port, true);
    sockets.add(socket);
    return socket;
  }

  private @Nullable LegCounters echo(Leg leg) {
    for (LegCounters in : listening) {
      if (leg.isMulticast() && in.leg().address().equals(leg.address())) {
        return in;
      }
    }
    return null;
  }

  /// Queues one packet for every leg but the multicast group it came from.
  void send(PacketBatch batch, int slot, boolean isRtcp, @Nullable LegCounters cameBy) {
    for (int i = 0; i < outputs.size(); i++) {
      Output output = outputs.get(i);
      if (cameBy == null || output.echo() != cameBy) {
        output
            .socket()
            .port
            .send(batch, slot, isRtcp ? output.rtcp() : output.rtp(), output.counters());
        output.counters().packet(batch.length(slot));
      }
    }
  }

  /// Sends an announcement to every leg, at once.
  void send(byte[] announcement) {
    outputs.forEach(output -> queue(output, announcement));
    flush();
  }

  /// Sends an announcement to one leg, at once; without effect when it is no relay leg.
  void sendTo(Leg leg, byte[] announcement) {
    outputs.stream()
        .filter(output -> output.leg().equals(leg))
        .forEach(output -> queue(output, announcement));
    flush();
  }

  private static void queue(Output output, byte[] announcement) {
    output.socket().port.send(ByteBuffer.wrap(announcement), output.rtp(), output.counters());
    output.counters().packet(announcement.length);
  }

  /// Lets go of all queued octets: sent, or dropped and counted.
  void flush() {
    for (int i = 0; i < sockets.size(); i++) {
      Socket socket = sockets.get(i);
      socket.port.flush();
      long full = socket.port.sendsFull();
      long failed = socket.port.sendsFailed();
      counters.drop(DropReason.SEND_FULL, full - socket.full);
      counters.drop(DropReason.SEND_FAILED, failed - socket.failed);
      socket.full = full;
      socket.failed = failed;
    }
  }

  /// Closes the sockets that only send.
  void close() {
    outputs.clear();
    sockets.stream().filter(socket -> socket.isOurs).forEach(socket -> socket.port.close());
    sockets.clear();
  }
}
