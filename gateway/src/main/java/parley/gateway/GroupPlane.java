package parley.gateway;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.GroupKeying;
import parley.gateway.keying.GroupKeyingSettings;
import parley.gateway.keying.GroupRoster;
import parley.gateway.keying.KeyingServices;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.media.GroupMedia;
import parley.gateway.media.GroupMediaSettings;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaTap;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.gateway.media.PreparedLegs;
import parley.mikey.group.AnnouncementGate;
import parley.mikey.group.AnnouncementVerifier;
import parley.mikey.group.GateRules;
import parley.mikey.group.ReplayCache;
import parley.mikey.identity.Identity;

/// One group as a member lives in it: its media and the keying that opens it, on one loop.
///
/// The gateway has a plane for every group. A listening UE is a plane too, without relay legs and
/// with a [parley.gateway.media.MediaTap] that plays. Every method that waits for the loop is not
/// to be called on it.
public final class GroupPlane implements AutoCloseable {
  private final GroupMediaSettings legs;
  private final GroupMedia media;
  private final GroupKeying keying;

  private GroupPlane(GroupMediaSettings legs, GroupMedia media, GroupKeying keying) {
    this.legs = legs;
    this.media = media;
    this.keying = keying;
  }

  /// Joins media and keying of one group on `loop`; nothing is bound yet.
  public static GroupPlane of(
      GroupMediaSettings legs,
      GroupKeyingSettings rules,
      GroupRoster roster,
      MediaTransport transport,
      EventLoop loop,
      MediaTap tap,
      KeyingServices services) {
    return of(legs, rules, roster, transport, loop, tap, services, new PlaneCounters());
  }

  static GroupPlane of(
      GroupMediaSettings legs,
      GroupKeyingSettings rules,
      GroupRoster roster,
      MediaTransport transport,
      EventLoop loop,
      MediaTap tap,
      KeyingServices services,
      PlaneCounters counters) {
    GroupMedia media =
        new GroupMedia(
            legs, transport, loop, services.engine(), tap, counters.media(), services.clock());
    AnnouncementGate gate =
        new AnnouncementGate(
            new GateRules(
                rules.group(),
                Set.copyOf(rules.policies()),
                rules.window(),
                rules.self(),
                services.clock().instant(),
                rules.mkiOptional()),
            services.member().gmkBook(),
            ReplayCache.of(ReplayCache.DEFAULT_PER_TALKER, rules.window()),
            services.clock());
    AnnouncementVerifier verifier = new AnnouncementVerifier(services.eccsi(), services.clock());
    return new GroupPlane(
        legs,
        media,
        new GroupKeying(
            rules, media, gate, verifier, roster, counters.keying(), legs.relay(), services));
  }

  public GroupMedia media() {
    return media;
  }

  public GroupKeying keying() {
    return keying;
  }

  Identity group() {
    return media.group();
  }

  EventLoop loop() {
    return media.loop();
  }

  /// Binds the listening legs and lets packets in. Waits for the loop.
  public void open(MikeyInbox inbox) throws PortUnavailable {
    open(inbox, prepare(legs.listen(), legs.relay()));
  }

  /// Opens the sockets that these legs need and the plane does not have; nothing is read from them
  /// before they are put to use by `open` or `change`, or closed by `discard`. Receivers that are
  /// not in the configuration stay. Waits for the loop.
  PreparedLegs prepare(List<Leg> listen, List<Leg> relay) throws PortUnavailable {
    try {
      return await(() -> media.prepare(listen, keying.receivers().with(relay)));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PortUnavailable p) {
        throw p;
      }
      throw fault(e);
    }
  }

  /// Gives back what was prepared. Waits for the loop.
  void discard(PreparedLegs prepared) {
    onLoop(prepared::close);
  }

  /// Lets packets in by sockets that are open. Waits for the loop.
  void open(MikeyInbox inbox, PreparedLegs prepared) {
    inbox.add(keying);
    onLoop(() -> {
      media.open(inbox, keying, prepared);
      keying.receivers().configured(legs.relay());
      keying.start();
    });
  }

  /// Becomes what `change` says, between two batches of packets. Waits for the loop.
  void change(PlaneChange change) {
    onLoop(() -> {
      media.apply(change.legs());
      media.window(change.rules().window());
      media.tap(change.tap());
      media.lowLatency(change.lowLatency());
      keying.receivers().configured(change.relay());
      keying.change(change.rules(), change.roster());
      keying.bridgeTo(change.bridges().stream().map(GroupPlane::keying).toList());
      change.legs().addedRelays().forEach(keying::tell);
    });
  }

  /// Relays to one more address. Waits for the loop; the answer is what speaks against it, or null.
  @Nullable String addReceiver(InetSocketAddress address) {
    try {
      return await(() -> objection(address)).orElse(null);
    } catch (ExecutionException e) {
      throw fault(e);
    }
  }

  private Optional<String> objection(InetSocketAddress address) {
    if (keying.receivers().isConfigured(address)) {
      return Optional.of("is in the configuration already");
    }
    if (media.addresses().contains(address)) {
      return Optional.of("is where this group listens; its packets would circle");
    }
    try {
      keying.receivers().add(address);
      return Optional.empty();
    } catch (PortUnavailable e) {
      return Optional.of("cannot be reached: " + e.getMessage());
    }
  }

  /// Relays no more to what was added or joined; false where there is no such receiver. Waits for
  /// the loop.
  boolean removeReceiver(InetSocketAddress address, Instant now) {
    try {
      return await(() -> keying.receivers().remove(address, now, keying.joins().remember()));
    } catch (ExecutionException e) {
      throw fault(e);
    }
  }

  /// Whether the configuration has this receiver. Waits for the loop.
  boolean isConfigured(InetSocketAddress address) {
    try {
      return await(() -> keying.receivers().isConfigured(address));
    } catch (ExecutionException e) {
      throw fault(e);
    }
  }

  /// Carries every burst of this group into these, and into no other. Waits for the loop.
  void bridgeTo(List<GroupPlane> destinations) {
    onLoop(() -> keying.bridgeTo(destinations.stream().map(GroupPlane::keying).toList()));
  }

  /// Ends every burst and closes the ports. Waits for the loop.
  @Override
  public void close() {
    onLoop(() -> {
      keying.close();
      media.close();
    });
  }

  void onLoop(Runnable work) {
    try {
      await(() -> {
        work.run();
        return work;
      });
    } catch (ExecutionException e) {
      throw fault(e);
    }
  }

  private <T> T await(Callable<T> work) throws ExecutionException {
    try {
      return media.loop().submit(work).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a plane was opened or closed", e);
    }
  }

  private static RuntimeException fault(ExecutionException e) {
    return e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
  }
}
