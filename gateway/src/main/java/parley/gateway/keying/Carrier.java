package parley.gateway.keying;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.Rekeying;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.VerifiedAnnouncement;
import parley.mikey.identity.NtpTimestamp;

/// The bridges that leave one group: which bursts are carried, which are left to another gateway.
///
/// A burst that another gateway carries is watched while it lasts: when nobody has announced it in
/// the destination for [#PATIENCE], this gateway takes over. A new GMK in the destination makes the
/// gateway announce a fresh CSB for a burst that is under way, so that it outlives the grace time.
/// Confined to the loop that owns all the groups involved.
final class Carrier {
  private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);

  /// How long a burst may go without a carrier: three announcements, half a second apart.
  static final Duration PATIENCE = Duration.ofMillis(1_500);

  private static final class StandBy {
    final RunningBurst in;
    final Bridge bridge;
    Instant uncarriedSince;

    StandBy(RunningBurst in, Bridge bridge, Instant now) {
      this.in = in;
      this.bridge = bridge;
      this.uncarriedSince = now;
    }
  }

  private final GroupKeying source;
  private final KeyingServices services;

  /// Changed by the loop, walked by the pool.
  private final List<Bridge> bridges = new CopyOnWriteArrayList<>();

  private final List<CarriedBurst> carried = new ArrayList<>();
  private final List<StandBy> standBys = new ArrayList<>();

  Carrier(GroupKeying source, KeyingServices services) {
    this.source = source;
    this.services = services;
  }

  void add(Bridge bridge) {
    bridges.add(bridge);
  }

  List<Bridge> bridges() {
    return List.copyOf(bridges);
  }

  boolean leadsTo(GroupKeying destination) {
    return bridgeTo(destination) != null;
  }

  private @Nullable Bridge bridgeTo(GroupKeying destination) {
    for (Bridge bridge : bridges) {
      if (bridge.destination() == destination) {
        return bridge;
      }
    }
    return null;
  }

  /// Carries nothing over this bridge any more; what it carries now ends there.
  void remove(Bridge bridge) {
    bridges.remove(bridge);
    standBys.removeIf(s -> s.bridge == bridge);
    for (CarriedBurst c : List.copyOf(carried)) {
      if (c.prepared.bridge == bridge) {
        bridge.destination().end(c.out, BurstEnd.UNBRIDGED);
      }
    }
  }

  /// Carries a burst that runs already over a bridge that is new, as soon as the pool has signed
  /// for it.
  void consider(RunningBurst in, GroupKeying destination) {
    Bridge bridge = bridgeTo(destination);
    if (bridge != null) {
      prepareAgain(in, bridge, new StandBy(in, bridge, now()));
    }
  }

  /// Signs an outbound CSB for every bridge that may carry `in`. On the pool.
  List<PreparedBridge> prepare(VerifiedAnnouncement in) {
    List<PreparedBridge> prepared = new ArrayList<>();
    for (Bridge bridge : bridges) {
      PreparedBridge p = bridge.prepare(in);
      if (p != null) {
        prepared.add(p);
      }
    }
    return prepared;
  }

  /// Announces and starts to re-key, or stands by.
  void carry(RunningBurst in, List<PreparedBridge> prepared) {
    prepared.forEach(p -> carry(in, p));
  }

  private void carry(RunningBurst in, PreparedBridge p) {
    if (!bridges.contains(p.bridge)) {
      p.close(); // taken out of the configuration while the pool signed
      return;
    }
    GroupKeying destination = p.bridge.destination();
    boolean standBy =
        !services.duty().takesBursts()
            || services.coordinator().role(in.origin.group(), destination.group())
                == BridgeCoordinator.Role.STAND_BY;
    if (standBy || destination.hears(in.origin)) {
      p.close();
      standBys.add(new StandBy(in, p.bridge, now()));
      return;
    }
    start(in, p);
  }

  private void start(RunningBurst in, PreparedBridge p) {
    GroupKeying destination = p.bridge.destination();
    RunningBurst out = destination.announceOwn(p.out);
    Rekeying rekeying = source.media().rekey(in.burst, destination.media(), p.out, p.streams);
    CarriedBurst c = new CarriedBurst(in, out, p, rekeying, now());
    out.carriedBy(this, c);
    carried.add(c);
    destination.counters().bridge();
  }

  /// The inbound burst is over, so is what was carried of it.
  void ended(RunningBurst in, BurstEnd why) {
    standBys.removeIf(s -> s.in == in);
    for (CarriedBurst c : List.copyOf(carried)) {
      if (c.in == in) {
        c.prepared.bridge.destination().end(c.out, why);
      }
    }
  }

  /// The outbound burst `c` is over; called by the destination.
  void outEnded(CarriedBurst c, BurstEnd why) {
    carried.remove(c);
    source.media().stop(c.rekeying, why);
    c.prepared.announcement.close();
    if (why == BurstEnd.STANDBY) {
      standBys.add(new StandBy(c.in, c.prepared.bridge, now()));
    }
  }

  void tick(Instant now) {
    for (CarriedBurst c : List.copyOf(carried)) {
      GroupKeying destination = c.prepared.bridge.destination();
      if (destination.gmks().isOlder(c.out.burst.announcement().gmk())) {
        renew(c);
      } else if (c.isRepeatDue(now)) {
        repeat(c);
      }
    }
    for (StandBy s : List.copyOf(standBys)) {
      watch(s, now);
    }
  }

  /// A newer GMK is current in the destination: a fresh CSB under it replaces the running one.
  private void renew(CarriedBurst c) {
    if (c.isSealing()) {
      return;
    }
    c.sealing();
    boolean queued =
        prepareAgain(
            c.in,
            c.prepared.bridge,
            p -> {
              c.sealed(now());
              if (p != null && carried.contains(c)) {
                c.prepared.bridge.destination().end(c.out, BurstEnd.NEW_BURST);
                start(c.in, p);
              } else if (p != null) {
                p.close();
              }
            });
    if (!queued) {
      c.sealed(now());
    }
  }

  private void watch(StandBy s, Instant now) {
    GroupKeying destination = s.bridge.destination();
    if (destination.hears(s.in.origin) || !services.duty().takesBursts()) {
      s.uncarriedSince = now;
      return;
    }
    if (now.isBefore(s.uncarriedSince.plus(PATIENCE))) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("speaker", s.in.burst.speaker())
        .addKeyValue("from", source.group().uri())
        .addKeyValue("to", destination.group().uri())
        .log("nobody carries this talker, taking over");
    services.coordinator().missed(s.in.origin.group(), destination.group());
    standBys.remove(s);
    prepareAgain(s.in, s.bridge, s);
  }

  /// Signs once more for a burst that runs, and carries it. `s` watches it where the pool is full.
  private void prepareAgain(RunningBurst in, Bridge bridge, StandBy s) {
    if (!prepareAgain(in, bridge, p -> takeOver(s, p))) {
      s.uncarriedSince = now();
      standBys.add(s);
    }
  }

  private void takeOver(StandBy s, @Nullable PreparedBridge p) {
    if (p == null) {
      return;
    }
    if (source.runs(s.in)) {
      carry(s.in, p);
    } else {
      p.close();
    }
  }

  private boolean prepareAgain(
      RunningBurst in, Bridge bridge, Consumer<@Nullable PreparedBridge> then) {
    VerifiedAnnouncement first = in.burst.announcement();
    return services
        .pool()
        .submit(
            source,
            this,
            () -> {
              PreparedBridge p = bridge.prepare(first);
              source.loop().execute(() -> then.accept(p));
            });
  }

  private void repeat(CarriedBurst c) {
    List<CryptoSession> map = c.currentMap();
    NtpTimestamp after = c.out.lastT();
    c.sealing();
    boolean queued =
        services
            .pool()
            .submitRepeat(
                source,
                this,
                () -> {
                  OwnAnnouncer.Sealed sealed =
                      c.prepared
                          .bridge
                          .destination()
                          .own()
                          .seal(c.prepared.announcement, after, map);
                  source.loop().execute(() -> sealed(c, sealed));
                });
    if (!queued) {
      c.sealed(now());
    }
  }

  private void sealed(CarriedBurst c, OwnAnnouncer.@Nullable Sealed repeat) {
    c.sealed(now());
    if (repeat != null && carried.contains(c)) {
      c.prepared.bridge.destination().repeatOwn(c.out, repeat);
    }
  }

  private Instant now() {
    return services.clock().instant();
  }
}
