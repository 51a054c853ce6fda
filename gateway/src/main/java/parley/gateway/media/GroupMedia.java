package parley.gateway.media;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngine;
import parley.srtp.SrtpTransform;

/// The media plane of one group: its sockets, its streams, and where they go.
///
/// Every method belongs on the group's loop, except `loop`, `group` and `counters`; commands come
/// as tasks of that loop. A packet's way is in [MediaPipeline].
public final class GroupMedia implements AutoCloseable {
  private final GroupMediaSettings settings;
  private final MediaTransport transport;
  private final EventLoop loop;
  private final TapSwitch tap;
  private final GroupCounters counters;
  private final InstantSource clock;
  private final SrtpTransform transform;
  private final StreamTable streams;
  private final EarlyMedia early;
  private final Tombstones tombstones;
  private final FanOut fanOut;
  private final Relay relay;
  private final MediaPipeline pipeline;
  private final List<Heard> listening = new ArrayList<>();
  private final List<Burst> bursts = new ArrayList<>();
  private MediaLimits limits;
  private boolean lowLatency;
  private @Nullable RekeyOutput rekeyOutput;

  public GroupMedia(
      GroupMediaSettings settings,
      MediaTransport transport,
      EventLoop loop,
      CipherEngine engine,
      MediaTap tap,
      GroupCounters counters,
      InstantSource clock) {
    this.settings = settings;
    this.transport = transport;
    this.loop = loop;
    Faults faults = new Faults(settings.group(), counters, clock);
    this.tap = new TapSwitch(tap, faults);
    this.counters = counters;
    this.clock = clock;
    limits = settings.limits();
    transform = new SrtpTransform(engine, ReceivedBatch.SLOTS);
    streams = new StreamTable(settings.limits().streams());
    early = new EarlyMedia(settings.limits());
    tombstones = new Tombstones(settings.limits().tombstones());
    fanOut = new FanOut(transport, loop, counters);
    relay = new Relay(fanOut, counters);
    PendingEvents events = new PendingEvents(clock);
    pipeline =
        new MediaPipeline(
            this,
            new StreamFinder(streams, early, this::sendsUnder, counters, events),
            transform,
            new Judge(counters, events, new IvReuseWatch(transform, clock)),
            relay,
            this.tap,
            events,
            faults);
  }

  public EventLoop loop() {
    return loop;
  }

  public Identity group() {
    return settings.group();
  }

  public GroupCounters counters() {
    return counters;
  }

  /// Opens all sockets and begins to receive; on failure none stays open.
  public void open(MikeySink sink, MediaEvents events) throws PortUnavailable {
    requireLoop();
    open(sink, events, prepare(settings.listen(), settings.relay()));
  }

  /// Begins to receive on sockets that are open already.
  public void open(MikeySink sink, MediaEvents events, PreparedLegs legs) {
    requireLoop();
    pipeline.open(sink, events);
    apply(legs);
  }

  /// Opens every socket that these legs need and the group does not have; on failure none stays
  /// open. Nothing has changed on return: what arrives waits in the kernel.
  public PreparedLegs prepare(List<Leg> listen, List<Leg> relays) throws PortUnavailable {
    requireLoop();
    PreparedLegs prepared = new PreparedLegs();
    try {
      for (Leg leg : listen) {
        prepared.listen.add(heard(leg, prepared));
      }
      fanOut.plan(relays, prepared.listen.stream().map(Heard::rtp).toList(), prepared);
      return prepared;
    } catch (PortUnavailable | RuntimeException e) {
      prepared.close();
      throw e;
    }
  }

  private Heard heard(Leg leg, PreparedLegs prepared) throws PortUnavailable {
    Heard now = sharingSocket(leg);
    MediaPort rtp = now == null ? prepared.opened(transport.bind(leg, loop)) : now.rtp();
    MediaPort rtcp = null;
    if (leg.rtcp() == RtcpMode.NEXT_PORT) {
      MediaPort open = now == null ? null : now.rtcp();
      rtcp = open == null ? prepared.opened(transport.bind(leg.rtcpLeg(), loop)) : open;
    }
    return new Heard(leg, rtp, rtcp);
  }

  private @Nullable Heard sharingSocket(Leg leg) {
    for (Heard heard : listening) {
      if (heard.sharesSocketWith(leg)) {
        return heard;
      }
    }
    return null;
  }

  /// Has these legs from now on. Legs that stay keep their sockets and lose nothing; the sockets of
  /// those that go are closed.
  public void apply(PreparedLegs prepared) {
    requireLoop();
    List<MediaPort> before = listening();
    List<LegCounters> gone = new ArrayList<>();
    listening.forEach(heard -> gone.add(counters.leg(heard.leg(), LegCounters.Direction.IN)));
    List<LegCounters> legs = new ArrayList<>();
    for (Heard heard : prepared.listen) {
      legs.add(counters.leg(heard.leg(), LegCounters.Direction.IN));
    }
    fanOut.listensOn(legs, prepared.listen.stream().map(Heard::rtp).toList(), prepared.relay);
    fanOut.apply(prepared.relay);
    gone.removeAll(legs);
    gone.forEach(leg -> leg.worksBy(null));
    listening.clear();
    listening.addAll(prepared.listen);
    List<MediaPort> now = listening();
    before.stream().filter(port -> !now.contains(port)).forEach(MediaPort::close);
    for (int i = 0; i < legs.size(); i++) {
      legs.get(i).worksBy(prepared.listen.get(i).rtp());
      start(prepared.listen.get(i), legs.get(i), prepared);
    }
    prepared.applied();
  }

  private void start(Heard heard, LegCounters in, PreparedLegs prepared) {
    for (MediaPort port : ports(heard)) {
      if (prepared.isNew(port)) {
        port.start(new Arriving(in));
      }
    }
  }

  /// What arrives for one listening leg.
  private final class Arriving implements BatchReader {
    private final LegCounters in;

    Arriving(LegCounters in) {
      this.in = in;
    }

    @Override
    public void read(MediaPort port, ReceivedBatch batch) {
      pipeline.read(port, in, batch);
    }

    @Override
    public int outputsPerPacket() {
      return relay.outputs();
    }

    @Override
    public boolean isLowLatency() {
      return lowLatency;
    }
  }

  private static List<MediaPort> ports(Heard heard) {
    MediaPort rtcp = heard.rtcp();
    return rtcp == null ? List.of(heard.rtp()) : List.of(heard.rtp(), rtcp);
  }

  /// Tells another tap from now on. What is recorded of a burst that runs ends or begins here.
  public void tap(MediaTap other) {
    requireLoop();
    List<Burst> running = new ArrayList<>(bursts);
    if (rekeyOutput != null) {
      rekeyOutput.rekeyings().forEach(inbound -> running.add(inbound.out()));
    }
    tap.exchange(other, running);
  }

  /// Remembers ended streams for two of these windows from now on.
  public void window(Duration window) {
    requireLoop();
    long before = limits.tombstoneFor().toMillis();
    limits = limits.withWindow(window);
    tombstones.extend(Math.max(0, limits.tombstoneFor().toMillis() - before));
  }

  /// Takes packets as they come from now on, or may let them wait for the loop's next tick where
  /// that saves wake-ups.
  public void lowLatency(boolean wanted) {
    requireLoop();
    lowLatency = wanted;
  }

  /// What the legs that the group has now have counted, those that listen first.
  public List<LegCounters> legs() {
    requireLoop();
    List<LegCounters> legs = new ArrayList<>();
    listening.forEach(heard -> legs.add(counters.leg(heard.leg(), LegCounters.Direction.IN)));
    legs.addAll(fanOut.legCounters().stream().distinct().toList());
    return legs;
  }

  /// Why this leg does not work now, one sentence for the operator; null when it does.
  public @Nullable String faultOf(Leg leg) {
    for (LegCounters known : counters.legs()) {
      if (known.leg().equals(leg) && known.fault() != null) {
        return known.fault();
      }
    }
    return null;
  }

  /// Holds packets of these SSRCs and this MKI while the announcement's signature is checked. An
  /// MKI of 0 means that its packets carry none. Without effect when too many others hold.
  public void hold(int csbId, int mki, int[] ssrcs) {
    requireLoop();
    early.hold(csbId, mki, ssrcs, clock.millis());
    expireLater();
  }

  /// The announcement was refused: what it held is dropped.
  public void unhold(int csbId) {
    requireLoop();
    HeldMedia held = early.take(csbId);
    if (held != null) {
      drop(held, DropReason.HOLD_REFUSED);
    }
  }

  /// Drops what has been held too long.
  void expire() {
    for (HeldMedia held = early.takeExpired(clock.millis());
        held != null;
        held = early.takeExpired(clock.millis())) {
      drop(held, DropReason.HOLD_EXPIRED);
    }
    if (!early.isEmpty()) {
      expireLater();
    }
  }

  private void expireLater() {
    var _ = loop.schedule(this::expire, limits.holdFor().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void drop(HeldMedia held, DropReason reason) {
    for (int slot = 0; slot < held.packets().size(); slot++) {
      counters.drop(reason, held.arrivals().leg(slot));
    }
    early.giveBack(held);
  }

  /// Whether a burst of so many streams can be installed.
  public boolean hasRoom(int more) {
    requireLoop();
    return streams.hasRoom(more);
  }

  /// Lets the burst's packets pass from now on, those first that were held for it, in the order in
  /// which they came. The tap hears of the burst and its announcement before them.
  ///
  /// @throws IllegalStateException when the group has no room for its streams; nothing has changed
  public void install(Burst burst) {
    install(burst, () -> {});
  }

  /// The same, and `beforeHeld` runs when the burst is in place and nothing of it has passed yet:
  /// the moment to bridge it, so that its first packets go everywhere.
  public void install(Burst burst, Runnable beforeHeld) {
    requireLoop();
    if (!streams.hasRoom(burst.streams().size())) {
      throw new IllegalStateException(group().uri() + " has no room for " + burst);
    }
    for (Stream stream : burst.streams()) {
      stream.raiseFloor(tombstones.find(burst.mki(), stream.ssrc(), clock.millis()));
      streams.add(stream);
    }
    bursts.add(burst);
    start(burst);
    beforeHeld.run();
    expire();
    HeldMedia held = early.take(burst.csbId());
    if (held != null) {
      pipeline.release(held);
      early.giveBack(held);
    }
  }

  private void start(Burst burst) {
    tap.burstStarted(burst);
    if (burst.isAnnounced()) {
      tap.announcement(burst, burst.announcement().octets(), unixNanos(burst.startedAt()));
    }
  }

  /// Tells the tap of a repeated announcement of a running burst.
  public void announced(Burst burst, byte[] octets, long receivedUnixNanos) {
    requireLoop();
    tap.announcement(burst, octets, receivedUnixNanos);
  }

  /// Ends the burst and its re-keyings and zeroes its keys; what it had reached is remembered.
  /// Without effect when it has ended before.
  public void retire(Burst burst, BurstEnd why) {
    requireLoop();
    if (!bursts.remove(burst)) {
      return;
    }
    for (Rekeying rekeying : relay.rekeyings()) {
      if (rekeying.in() == burst) {
        stop(rekeying, why);
      }
    }
    long now = clock.millis();
    long expires = now + limits.tombstoneFor().toMillis();
    for (Stream stream : burst.streams()) {
      streams.remove(stream);
      tombstones.bury(burst.mki(), stream.ssrc(), stream.tombstone(expires), now);
    }
    tap.burstEnded(burst, why);
    burst.close();
  }

  /// Whether a packet of this index may have been accepted in an earlier life of the stream.
  public boolean wouldReplay(int mki, int ssrc, long index) {
    Tombstone tombstone = tombstones.find(mki, ssrc, clock.millis());
    return tombstone != null && index <= tombstone.rtpIndex();
  }

  /// The lowest index that a returning stream may be seeded with; 0 when it has no earlier life.
  public long lowestIndex(int mki, int ssrc) {
    Tombstone tombstone = tombstones.find(mki, ssrc, clock.millis());
    return tombstone == null ? 0 : tombstone.rtpIndex() + 1;
  }

  /// Passes a burst on into another group on the same loop, under keys of this gateway. `out` is
  /// the burst that this gateway has announced there.
  ///
  /// @throws IllegalArgumentException where the groups have different loops, the burst is not
  ///   installed, or a stream is not of its burst; nothing has changed
  public Rekeying rekey(Burst in, GroupMedia destination, Burst out, List<RekeyedStream> rekeyed) {
    requireLoop();
    if (!destination.loop.equals(loop) || !bursts.contains(in)) {
      throw new IllegalArgumentException(
          "%s cannot be re-keyed into %s".formatted(in, destination.group().uri()));
    }
    Rekeying rekeying = new Rekeying(this, in, destination, out, rekeyed);
    relay.begin(rekeying);
    destination.start(out);
    return rekeying;
  }

  /// Ends a re-keying and zeroes its keys.
  public void stop(Rekeying rekeying) {
    stop(rekeying, BurstEnd.CLOSED);
  }

  /// The same for another reason, which the destination's tap is told.
  public void stop(Rekeying rekeying, BurstEnd why) {
    requireLoop();
    boolean isOurWord = why == BurstEnd.DRAINED || why == BurstEnd.UNBRIDGED;
    if (isOurWord && relay.rekeyings().contains(rekeying)) {
      rekeying.destination().rekeyOutput().sayBye(rekeying, unixNanos(clock.instant()));
    }
    if (relay.end(rekeying)) {
      rekeying.destination().tap.burstEnded(rekeying.out(), why);
      rekeying.close();
    }
  }

  /// Where other groups of this loop pass packets in.
  RekeyOutput rekeyOutput() {
    if (rekeyOutput == null) {
      int pathOctets = limits.pathOctets();
      rekeyOutput = new RekeyOutput(transform, fanOut, tap, counters, pathOctets);
    }
    return rekeyOutput;
  }

  private boolean sendsUnder(int ssrc) {
    return rekeyOutput != null && rekeyOutput.owns(ssrc);
  }

  /// Sends these octets to every relay leg, now: before any media that follows.
  public void relay(byte[] announcement) {
    requireLoop();
    fanOut.send(announcement);
  }

  /// The same for octets that came by a trunk, which go out by none.
  public void relayBeyondTrunks(byte[] announcement) {
    requireLoop();
    fanOut.sendBeyondTrunks(announcement);
  }

  /// Sends these octets to one relay leg, for a receiver that came late.
  public void relayTo(Leg leg, byte[] announcement) {
    requireLoop();
    fanOut.sendTo(leg, announcement);
  }

  /// Relays to one more leg; without effect when it is one already.
  public void addRelay(Leg leg) throws PortUnavailable {
    requireLoop();
    fanOut.add(leg);
  }

  /// Relays to one more leg by the socket that listens on `by`, where its receiver has spoken to.
  public void addRelay(Leg leg, MediaPort by) throws PortUnavailable {
    requireLoop();
    fanOut.add(leg, by);
  }

  /// Without effect when it is no relay leg.
  public void removeRelay(Leg leg) {
    requireLoop();
    fanOut.remove(leg);
    counters.firstMedia().forget(leg);
  }

  /// Notes how long this leg waits for its first packet from `sinceNanos` on.
  public void awaitFirstMedia(Leg leg, long sinceNanos) {
    requireLoop();
    counters.firstMedia().await(leg, sinceNanos);
  }

  /// Nobody speaks: how long receivers wait from here on says nothing.
  public void silent() {
    requireLoop();
    counters.firstMedia().forgetAll();
  }

  /// Whether RTP of a unicast leg arrives at this port.
  public boolean hearsUnicastOn(MediaPort port) {
    requireLoop();
    return listening.stream()
        .anyMatch(heard -> heard.rtp().equals(port) && heard.leg().isUnicast());
  }

  /// Sends these octets from the first socket on which this group listens, now.
  public void say(byte[] octets, InetSocketAddress to) {
    requireLoop();
    MediaPort port = listening.getFirst().rtp();
    port.send(ByteBuffer.wrap(octets), to);
    port.flush();
  }

  public List<Leg> relays() {
    requireLoop();
    return fanOut.legs();
  }

  /// Where this group listens, ports that the system chose among them.
  public List<InetSocketAddress> addresses() {
    requireLoop();
    return listening().stream().map(MediaPort::local).toList();
  }

  /// The bursts that are installed, in the order of their installation.
  public List<Burst> bursts() {
    requireLoop();
    return List.copyOf(bursts);
  }

  /// Ends every burst and re-keying, from and into this group, and closes the sockets.
  @Override
  public void close() {
    requireLoop();
    if (rekeyOutput != null) {
      rekeyOutput.rekeyings().forEach(inbound -> inbound.source().stop(inbound));
    }
    bursts().forEach(burst -> retire(burst, BurstEnd.CLOSED));
    fanOut.close();
    listening().forEach(MediaPort::close);
    listening.clear();
  }

  List<MediaPort> listening() {
    List<MediaPort> all = new ArrayList<>();
    listening.forEach(heard -> all.addAll(ports(heard)));
    return all;
  }

  private void requireLoop() {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException(group().uri() + " belongs to another thread");
    }
  }

  private static long unixNanos(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }
}
