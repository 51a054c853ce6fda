package parley.gateway.keying;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.log.LogRation;
import parley.gateway.media.GroupMedia;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaPort;
import parley.gateway.media.PortUnavailable;
import parley.gateway.media.ScopedAddress;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.identity.Identity;

/// Who receives a group's media by unicast: the relay legs of the configuration, those that the
/// operator added while it runs, and those that joined. Each of the three knows nothing of the
/// others; an address that is in more than one of them has one leg.
///
/// The legs of those that joined share one label, and so do those of the operator, whose counters
/// are then bounded however many addresses come and go. Confined to the group's loop.
public final class Receivers {
  /// The label of the legs of those that joined.
  public static final String JOINED = "joined";

  /// The label of the legs that the operator has added.
  public static final String CONTROL = "control";

  /// Lines of a kind in ten seconds: enough for what people do, and no more for a member that joins
  /// and leaves in a loop.
  private static final int LINES = 20;

  private static final Logger LOG = LoggerFactory.getLogger(Receivers.class);

  private enum Line {
    JOINED,
    LEFT
  }

  /// One of them, for the operator.
  ///
  /// @param by `configuration`, `control` or `joined`
  /// @param member who joined; null for the others
  /// @param since when it joined; null for the others
  public record Entry(
      InetSocketAddress address, String by, @Nullable Identity member, @Nullable Instant since) {}

  private final GroupMedia media;
  private final Consumer<Leg> tell;
  private final JoinCounters counters;
  private final JoinedReceivers joined = new JoinedReceivers();
  private final LogRation<Line> ration = new LogRation<>(Line.class, LINES);
  private final Set<ScopedAddress> byControl = new LinkedHashSet<>();
  private List<Leg> configured;

  /// `tell` gives a new leg the running announcements.
  Receivers(GroupMedia media, List<Leg> configured, Consumer<Leg> tell, JoinCounters counters) {
    this.media = media;
    this.configured = List.copyOf(configured);
    this.tell = tell;
    this.counters = counters;
  }

  JoinedReceivers joined() {
    return joined;
  }

  /// `relay` and the legs of all others, no address twice.
  public List<Leg> with(List<Leg> relay) {
    List<Leg> legs = new ArrayList<>(relay);
    byControl.stream()
        .map(ScopedAddress::address)
        .filter(a -> !has(legs, a))
        .forEach(a -> legs.add(leg(CONTROL, a)));
    for (JoinedReceivers.Receiver one : joined.all()) {
      if (!has(legs, one.address())) {
        legs.add(leg(JOINED, one.address()));
      }
    }
    return legs;
  }

  private static boolean has(List<Leg> legs, InetSocketAddress address) {
    return legs.stream().anyMatch(leg -> ScopedAddress.isSame(leg.address(), address));
  }

  private static Leg leg(String label, InetSocketAddress address) {
    return Leg.unicast(address).named(label);
  }

  /// The relay legs of the configuration are these from now on; the media plane has them already,
  /// and may lack what came or went meanwhile.
  public void configured(List<Leg> relay) {
    configured = List.copyOf(relay);
    Set<Leg> wanted = new LinkedHashSet<>(with(configured));
    Set<Leg> running = new LinkedHashSet<>(media.relays());
    for (Leg leg : running) {
      if (!wanted.contains(leg)) {
        media.removeRelay(leg);
      }
    }
    for (Leg leg : wanted) {
      if (!running.contains(leg)) {
        open(leg, null);
      }
    }
  }

  /// False where no socket could be opened for it; the log says why.
  private boolean open(Leg leg, @Nullable MediaPort by) {
    try {
      if (by == null) {
        media.addRelay(leg);
      } else {
        media.addRelay(leg, by);
      }
      return true;
    } catch (PortUnavailable e) {
      LOG.atWarn()
          .addKeyValue("group", media.group().uri())
          .addKeyValue("address", leg.address())
          .log("a receiver cannot be reached: {}", e.getMessage());
      return false;
    }
  }

  private void close(Leg leg) {
    media.removeRelay(leg);
  }

  // ---- those of the operator ----

  /// Those that were added before this plane was made; before it is opened.
  public void restore(Set<ScopedAddress> addresses) {
    byControl.addAll(addresses);
    count();
  }

  /// Whether the configuration has this receiver.
  public boolean isConfigured(InetSocketAddress address) {
    return has(configured, address);
  }

  /// Adds a receiver; without effect for one that the operator has added before.
  ///
  /// @throws PortUnavailable when no socket can be had for it; nothing has changed
  public void add(InetSocketAddress address) throws PortUnavailable {
    Leg leg = leg(CONTROL, address);
    if (byControl.contains(ScopedAddress.of(address)) || isConfigured(address)) {
      return;
    }
    media.addRelay(leg);
    close(leg(JOINED, address));
    byControl.add(ScopedAddress.of(address));
    count();
    tell.accept(leg);
  }

  /// Takes out what the operator added or what joined at this address; false where there is
  /// neither. A receiver that had joined may join again.
  public boolean remove(InetSocketAddress address, Instant now, Duration remember) {
    boolean wasAdded = byControl.remove(ScopedAddress.of(address));
    JoinedReceivers.Receiver there = joined.at(address);
    if (there != null) {
      end(there, JoinEnd.CONTROL, now, remember);
    }
    close(leg(CONTROL, address));
    count();
    return wasAdded || there != null;
  }

  /// All of them, those of the configuration first.
  public List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    configured.stream()
        .filter(Leg::isUnicast)
        .forEach(leg -> all.add(new Entry(leg.address(), "configuration", null, null)));
    byControl.forEach(added -> all.add(new Entry(added.address(), CONTROL, null, null)));
    joined
        .all()
        .forEach(one -> all.add(new Entry(one.address(), JOINED, one.member(), one.since())));
    return all;
  }

  // ---- those that joined ----

  /// Has this receiver from now on; it hears from `port`, where it has joined. False where it
  /// cannot be reached.
  boolean join(
      UnverifiedJoin message,
      InetSocketAddress source,
      MediaPort port,
      GroupMasterKey gmk,
      Instant now,
      Duration remember) {
    joined.replacedBy(message, source).forEach(one -> end(one, JoinEnd.REPLACED, now, remember));
    if (!isElsewhere(source) && !open(leg(JOINED, source), port)) {
      return false;
    }
    joined.add(message, source, gmk, now);
    count();
    long unlogged = ration.take(Line.JOINED, now);
    if (unlogged != LogRation.SILENT) {
      LOG.atInfo()
          .addKeyValue("group", media.group().uri())
          .addKeyValue("member", message.ue().uri())
          .addKeyValue("address", source)
          .addKeyValue("unlogged", unlogged)
          .log("receiver joined");
    }
    return true;
  }

  /// The leg by which a receiver that has joined is reached.
  Leg legOf(InetSocketAddress address) {
    for (Leg leg : configured) {
      if (ScopedAddress.isSame(leg.address(), address)) {
        return leg;
      }
    }
    return leg(byControl.contains(ScopedAddress.of(address)) ? CONTROL : JOINED, address);
  }

  private boolean isElsewhere(InetSocketAddress address) {
    return isConfigured(address) || byControl.contains(ScopedAddress.of(address));
  }

  void end(JoinedReceivers.Receiver one, JoinEnd why, Instant now, Duration remember) {
    joined.remove(one, now, remember);
    close(leg(JOINED, one.address()));
    counters.end(why);
    count();
    long unlogged = ration.take(Line.LEFT, now);
    if (unlogged != LogRation.SILENT) {
      LOG.atInfo()
          .addKeyValue("group", media.group().uri())
          .addKeyValue("member", one.member().uri())
          .addKeyValue("address", one.address())
          .addKeyValue("reason", why)
          .addKeyValue("seconds", Duration.between(one.since(), now).toSeconds())
          .addKeyValue("unlogged", unlogged)
          .log("receiver left");
    }
  }

  void end(Predicate<JoinedReceivers.Receiver> which, JoinEnd why, Instant now, Duration remember) {
    if (joined.size() > 0) { // every group is asked ten times a second
      joined.all().stream().filter(which).forEach(one -> end(one, why, now, remember));
    }
  }

  private void count() {
    counters.present(joined.size(), byControl.size());
  }
}
