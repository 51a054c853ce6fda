package parley.gateway.media;

import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// Sends the packets of a batch to every relay leg of a group: one queue for each socket, the
/// octets of a packet once in memory however many receive it.
///
/// Unicast legs share a socket, the group's first listening one where it can reach them; each
/// multicast leg, and each with an interface or a DSCP, has its own. A leg keeps its socket while
/// other legs come and go, so its receiver sees one source. What came by a trunk does not go out by
/// a trunk. Confined to the group's loop.
final class FanOut {
  /// One relay leg at work.
  ///
  /// @param echo counters of the listening leg on the same multicast address, if there is one: what
  ///   came from there does not go back
  private record Output(
      Leg leg,
      Socket socket,
      Destination rtp,
      Destination rtcp,
      LegCounters counters,
      @Nullable LegCounters echo) {
    /// Whether what came by that leg is where this one leads already.
    boolean isBackTo(LegCounters cameBy) {
      return cameBy == echo || (leg.isTrunk() && cameBy.leg().isTrunk());
    }

    void worksByItsSocket() {
      counters.worksBy(socket.isOurs ? socket.port : null);
    }
  }

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

  /// A socket that listens, and may send to unicast legs.
  private record Listening(LegCounters counters, Socket socket) {}

  /// Which leg will leave by which socket, once all of them are open.
  static final class Plan {
    final List<Leg> added = new ArrayList<>();
    private final List<Leg> legs = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();

    private void add(Leg leg, Socket socket) {
      legs.add(leg);
      sockets.add(socket);
    }
  }

  private final MediaTransport transport;
  private final EventLoop loop;
  private final GroupCounters counters;
  private final FirstMedia firstMedia;
  private final List<Listening> listening = new ArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();
  private final Outgoing outgoing = new Outgoing(ReceivedBatch.SLOTS);

  FanOut(MediaTransport transport, EventLoop loop, GroupCounters counters) {
    this.transport = transport;
    this.loop = loop;
    this.counters = counters;
    this.firstMedia = counters.firstMedia();
  }

  /// A socket that listens, and may send to unicast legs from now on.
  void listensOn(LegCounters leg, MediaPort port) {
    Listening made = new Listening(leg, new Socket(port, false));
    listening.add(made);
    sockets.add(made.socket());
  }

  void add(Leg leg) throws PortUnavailable {
    add(leg, ports());
  }

  /// The same; where the group listens on `by`, the leg sends by its socket, so that its receiver
  /// hears from where it has spoken to.
  void add(Leg leg, MediaPort by) throws PortUnavailable {
    add(leg, ports().stream().sorted(Comparator.comparing(port -> !port.equals(by))).toList());
  }

  private void add(Leg leg, List<MediaPort> ports) throws PortUnavailable {
    if (isRelay(leg)) {
      return;
    }
    Socket socket = socket(leg, null, ports, new PreparedLegs());
    flush();
    Output made = output(leg, socket);
    outputs.add(made);
    made.worksByItsSocket();
    if (!sockets.contains(socket)) {
      sockets.add(socket);
    }
  }

  /// Without effect when it is no relay leg.
  void remove(Leg leg) {
    Output gone = output(leg);
    if (gone == null) {
      return;
    }
    flush();
    outputs.remove(gone);
    gone.counters().worksBy(null);
    boolean isSocketUsed = false;
    for (Output output : outputs) {
      if (output.counters().equals(gone.counters())) {
        output.worksByItsSocket();
      }
      isSocketUsed |= output.socket().equals(gone.socket());
    }
    if (gone.socket().isOurs && !isSocketUsed) {
      sockets.remove(gone.socket());
      gone.socket().port.close();
    }
  }

  private List<MediaPort> ports() {
    return listening.stream().map(heard -> heard.socket().port).toList();
  }

  /// Finds or opens a socket for each of `legs`, for a group that will listen on `ports`. What is
  /// opened belongs to `prepared`; nothing has changed on return.
  void plan(List<Leg> legs, List<MediaPort> ports, PreparedLegs prepared) throws PortUnavailable {
    Plan plan = prepared.relay;
    Map<Leg, Output> running = new HashMap<>();
    outputs.forEach(output -> running.putIfAbsent(output.leg(), output));
    for (Leg leg : legs) {
      Output now = running.get(leg);
      if (now == null) {
        plan.added.add(leg);
      }
      plan.add(leg, socket(leg, now, ports, prepared));
    }
  }

  private Socket socket(Leg leg, @Nullable Output now, List<MediaPort> ports, PreparedLegs prepared)
      throws PortUnavailable {
    if (now != null && (now.socket().isOurs || ports.contains(now.socket().port))) {
      return now.socket();
    }
    return leg.sendsByItself()
        ? opened(transport.sender(leg, loop), prepared)
        : unicast(leg, ports, prepared);
  }

  private Socket unicast(Leg leg, List<MediaPort> ports, PreparedLegs prepared)
      throws PortUnavailable {
    Class<?> family = leg.address().getAddress().getClass();
    for (MediaPort port : ports) {
      if (!port.isTrunk() && port.local().getAddress().getClass().equals(family)) {
        return listeningSocket(port, prepared.relay);
      }
    }
    for (Output output : outputs) {
      if (!output.leg().sendsByItself() && output.socket().isOurs) {
        return output.socket();
      }
    }
    for (int i = 0; i < prepared.relay.legs.size(); i++) {
      Socket planned = prepared.relay.sockets.get(i);
      if (!prepared.relay.legs.get(i).sendsByItself() && planned.isOurs) {
        return planned;
      }
    }
    return opened(transport.sender(null, loop), prepared);
  }

  /// The one socket of a listening port, which may be about to be added.
  private Socket listeningSocket(MediaPort port, Plan plan) {
    for (Socket socket : sockets) {
      if (socket.port.equals(port)) {
        return socket;
      }
    }
    for (Socket socket : plan.sockets) {
      if (socket.port.equals(port)) {
        return socket;
      }
    }
    return new Socket(port, false);
  }

  private static Socket opened(MediaPort port, PreparedLegs prepared) {
    return new Socket(prepared.opened(port), true);
  }

  /// The group listens on these ports from now on, one for each leg. The plan that was made for
  /// them is applied next.
  void listensOn(List<LegCounters> legs, List<MediaPort> ports, Plan plan) {
    List<Listening> after = new ArrayList<>();
    for (int i = 0; i < legs.size(); i++) {
      after.add(new Listening(legs.get(i), listeningSocket(ports.get(i), plan)));
    }
    listening.clear();
    listening.addAll(after);
  }

  /// Sends by this plan from now on, and closes our own sockets that nobody needs any more.
  void apply(Plan plan) {
    flush();
    List<Socket> before = List.copyOf(sockets);
    List<LegCounters> gone = new ArrayList<>(legCounters());
    outputs.clear();
    for (int i = 0; i < plan.legs.size(); i++) {
      outputs.add(output(plan.legs.get(i), plan.sockets.get(i)));
    }
    gone.removeAll(legCounters());
    gone.forEach(leg -> leg.worksBy(null));
    outputs.forEach(Output::worksByItsSocket);
    Set<Socket> needed = new LinkedHashSet<>();
    listening.forEach(heard -> needed.add(heard.socket()));
    outputs.forEach(output -> needed.add(output.socket()));
    sockets.clear();
    sockets.addAll(needed);
    for (Socket socket : before) {
      if (socket.isOurs && !needed.contains(socket)) {
        socket.port.close();
      }
    }
  }

  private Output output(Leg leg, Socket socket) {
    LegCounters of = counters.leg(leg, LegCounters.Direction.OUT);
    Destination rtp = Destination.of(leg.address(), of);
    Destination rtcp = leg.rtcp() == RtcpMode.MUX ? rtp : Destination.of(leg.rtcpAddress(), of);
    return new Output(leg, socket, rtp, rtcp, of, echo(leg));
  }

  private @Nullable Output output(Leg leg) {
    for (Output output : outputs) {
      if (output.leg().equals(leg)) {
        return output;
      }
    }
    return null;
  }

  /// How many datagrams a packet becomes.
  int size() {
    return outputs.size();
  }

  boolean isRelay(Leg leg) {
    return output(leg) != null;
  }

  /// What each relay leg has counted.
  List<LegCounters> legCounters() {
    return outputs.stream().map(Output::counters).toList();
  }

  List<Leg> legs() {
    return outputs.stream().map(Output::leg).toList();
  }

  private @Nullable LegCounters echo(Leg leg) {
    for (Listening heard : listening) {
      if (leg.isMulticast() && heard.counters().leg().address().equals(leg.address())) {
        return heard.counters();
      }
    }
    return null;
  }

  /// Queues one packet for every leg but the multicast group, or the trunks, it came from.
  void send(PacketBatch batch, int slot, boolean isRtcp, @Nullable LegCounters cameBy) {
    if (outgoing.isFull()) {
      emit();
    }
    outgoing.add(batch, slot, isRtcp, cameBy);
  }

  /// Receiver by receiver, so that its packets lie in a row for whoever sends them.
  private void emit() {
    if (outgoing.size() == 0) {
      return;
    }
    try {
      for (int i = 0; i < outputs.size(); i++) {
        emit(outputs.get(i));
      }
    } finally {
      outgoing.clear(); // its batches are about to be used again, whatever went wrong
    }
    firstMedia.queued();
  }

  private void emit(Output output) {
    MediaPort port = output.socket().port;
    int packets = 0;
    long octets = 0;
    for (int i = 0; i < outgoing.size(); i++) {
      LegCounters cameBy = outgoing.cameBy(i);
      if (cameBy == null || !output.isBackTo(cameBy)) {
        PacketBatch batch = outgoing.batch(i);
        int slot = outgoing.slot(i);
        port.send(batch, slot, outgoing.isRtcp(i) ? output.rtcp() : output.rtp());
        packets++;
        octets += batch.length(slot);
      }
    }
    output.counters().packets(packets, octets);
  }

  /// Sends an announcement to every leg, at once.
  void send(byte[] announcement) {
    emit();
    outputs.forEach(output -> queue(output, announcement));
    flush();
  }

  /// Sends an announcement that came by a trunk to every leg that is none, at once.
  void sendBeyondTrunks(byte[] announcement) {
    emit();
    outputs.stream()
        .filter(output -> !output.leg().isTrunk())
        .forEach(output -> queue(output, announcement));
    flush();
  }

  /// Sends an announcement to one leg, at once; without effect when it is no relay leg.
  void sendTo(Leg leg, byte[] announcement) {
    emit();
    outputs.stream()
        .filter(output -> output.leg().equals(leg))
        .forEach(output -> queue(output, announcement));
    flush();
  }

  private static void queue(Output output, byte[] announcement) {
    output.socket().port.send(ByteBuffer.wrap(announcement), output.rtp());
    output.counters().packet(announcement.length);
  }

  /// Lets go of all queued octets: sent, or dropped and counted.
  void flush() {
    emit();
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
    firstMedia.flushed();
  }

  /// Closes the sockets that only send.
  void close() {
    outputs.clear();
    sockets.stream().filter(socket -> socket.isOurs).forEach(socket -> socket.port.close());
    sockets.clear();
    listening.clear();
  }
}
