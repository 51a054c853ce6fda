package parley.gateway;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.gateway.admin.ControlRefused;
import parley.gateway.config.GroupConfig;
import parley.gateway.keying.GroupKeyingSettings;
import parley.gateway.keying.KeyingServices;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.GroupMediaSettings;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaLimits;
import parley.gateway.media.MediaTap;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.ScopedAddress;
import parley.mikey.identity.Identity;

/// The planes of the groups that are served now.
///
/// Anyone may look; what changes them comes from one thread at a time.
final class Planes implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 2_000;
  private static final int MOST_RECEIVERS = 1000;

  private final Identity self;
  private final MediaTransport transport;
  private final KeyingServices services;
  private final MikeyInbox inbox;
  private final Map<Identity, PlaneCounters> counters = new ConcurrentHashMap<>();
  private final Map<Identity, Set<Identity>> muted = new ConcurrentHashMap<>();
  private final Map<Identity, Set<ScopedAddress>> receivers = new ConcurrentHashMap<>();
  private volatile Map<Identity, ServedGroup> served = Map.of();

  Planes(Identity self, MediaTransport transport, KeyingServices services, MikeyInbox inbox) {
    this.self = self;
    this.transport = transport;
    this.services = services;
    this.inbox = inbox;
  }

  /// In the order of the configuration.
  List<ServedGroup> served() {
    return List.copyOf(served.values());
  }

  @Nullable ServedGroup find(Identity group) {
    return served.get(group);
  }

  EventLoop nextLoop() {
    return transport.nextLoop();
  }

  MikeyInbox inbox() {
    return inbox;
  }

  void serve(List<ServedGroup> groups) {
    Map<Identity, ServedGroup> byId = new LinkedHashMap<>();
    groups.forEach(group -> byId.put(group.setup().id(), group));
    served = byId;
  }

  /// A plane with nothing bound yet. Whom the operator has muted in the group is muted in it, and
  /// the receivers that he has added are its own.
  GroupPlane make(GroupSetup setup, EventLoop loop, MediaTap tap) {
    GroupConfig group = setup.config();
    GroupPlane made =
        GroupPlane.of(
            new GroupMediaSettings(
                group.id(),
                group.listen(),
                group.relay(),
                MediaLimits.defaults().withWindow(group.window())),
            rules(group),
            setup.roster(),
            transport,
            loop,
            tap,
            services,
            counters.computeIfAbsent(group.id(), _ -> new PlaneCounters()));
    made.onLoop(() -> {
      made.media().lowLatency(group.lowLatency());
      mutedIn(group.id()).forEach(made.keying()::mute);
      made.keying().receivers().restore(receiversOf(group.id()));
    });
    return made;
  }

  GroupKeyingSettings rules(GroupConfig group) {
    return new GroupKeyingSettings(
        self,
        group.id(),
        group.profiles(),
        group.window(),
        group.grace(),
        group.maxTalkers(),
        group.listen().stream().anyMatch(Leg::mkiOptional),
        group.receivers());
  }

  /// Takes it out of service: its bursts end, its ports close.
  void close(GroupPlane plane) {
    inbox.remove(plane.keying());
    plane.close();
  }

  private Set<Identity> mutedIn(Identity group) {
    return muted.computeIfAbsent(group, _ -> ConcurrentHashMap.newKeySet());
  }

  void mute(GroupPlane plane, Identity talker) {
    mutedIn(plane.group()).add(talker);
    plane.onLoop(() -> plane.keying().mute(talker));
  }

  void unmute(GroupPlane plane, Identity talker) {
    mutedIn(plane.group()).remove(talker);
    plane.onLoop(() -> plane.keying().unmute(talker));
  }

  private Set<ScopedAddress> receiversOf(Identity group) {
    return receivers.computeIfAbsent(group, _ -> ConcurrentHashMap.newKeySet());
  }

  /// @throws ControlRefused for what is in the way; nothing has changed
  void addReceiver(GroupPlane plane, InetSocketAddress address) throws ControlRefused {
    Set<ScopedAddress> added = receiversOf(plane.group());
    if (!added.contains(ScopedAddress.of(address)) && added.size() >= MOST_RECEIVERS) {
      throw new ControlRefused(
          ControlRefused.Kind.CONFLICT,
          "%d receivers are added already; take one out first".formatted(added.size()));
    }
    String name = Leg.unicast(address).name();
    String objection = plane.addReceiver(address);
    if (objection != null) {
      throw new ControlRefused(ControlRefused.Kind.CONFLICT, name + " " + objection);
    }
    added.add(ScopedAddress.of(address));
  }

  /// @throws ControlRefused for a receiver that is none, or is of the configuration
  void removeReceiver(GroupPlane plane, InetSocketAddress address, Instant now)
      throws ControlRefused {
    String name = Leg.unicast(address).name();
    boolean wasThere = plane.removeReceiver(address, now);
    receiversOf(plane.group()).remove(ScopedAddress.of(address));
    if (!wasThere && plane.isConfigured(address)) {
      throw new ControlRefused(
          ControlRefused.Kind.CONFLICT,
          name + " is in the configuration; take it out there and reload");
    }
    if (!wasThere) {
      throw new ControlRefused(
          ControlRefused.Kind.UNKNOWN, name + " is no receiver of this group; see their list");
    }
  }

  /// Bursts that run now, in all groups.
  int bursts() {
    int sum = 0;
    for (ServedGroup group : served.values()) {
      sum += group.plane().keying().counters().running();
    }
    return sum;
  }

  /// Ends every burst soon; does not wait.
  void endAll(BurstEnd why) {
    for (ServedGroup group : served.values()) {
      GroupPlane plane = group.plane();
      plane.loop().execute(() -> plane.keying().endAll(why));
    }
  }

  /// What `view` sees of each of these, on the loop of that group.
  ///
  /// @throws ControlRefused when a loop does not answer in time
  <T> List<T> look(List<ServedGroup> groups, Function<ServedGroup, T> view) throws ControlRefused {
    List<Future<T>> asked = new ArrayList<>();
    for (ServedGroup group : groups) {
      asked.add(group.plane().loop().submit(() -> view.apply(group)));
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    List<T> seen = new ArrayList<>();
    for (Future<T> answer : asked) {
      seen.add(within(deadline - System.nanoTime(), answer));
    }
    return seen;
  }

  private static <T> T within(long nanos, Future<T> answer) throws ControlRefused {
    try {
      return answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new ControlRefused(
          ControlRefused.Kind.UNAVAILABLE,
          "the media loops do not answer within %d s; try again"
              .formatted(TimeUnit.MILLISECONDS.toSeconds(PATIENCE_MILLIS)));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new ControlRefused(
          ControlRefused.Kind.UNAVAILABLE, "interrupted while the media loops were asked");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a media loop failed to answer", e.getCause());
    }
  }

  /// Waits until every loop has done what it was given before; nothing that follows then waits
  /// long.
  ///
  /// @throws ControlRefused when a loop does not answer in time
  void settle() throws ControlRefused {
    Set<EventLoop> loops = new LinkedHashSet<>();
    served.values().forEach(group -> loops.add(group.plane().loop()));
    List<Future<?>> asked = new ArrayList<>();
    loops.forEach(loop -> asked.add(loop.submit(() -> {})));
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    for (Future<?> answer : asked) {
      within(deadline - System.nanoTime(), answer);
    }
  }

  @Override
  public void close() {
    served.values().forEach(group -> close(group.plane()));
    served = Map.of();
  }
}
