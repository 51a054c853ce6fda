package parley.gateway.media;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngine;

/// Groups on one loop of a real transport, with everything around them written down.
final class MediaLab implements AutoCloseable, MediaEvents, MikeySink {
  private static final int PATIENCE_SECONDS = 10;

  final NettyTransport transport;
  final EventLoop loop;
  final CipherEngine engine;
  final SettableClock clock = new SettableClock();
  final BlockingQueue<byte[]> mikey = new LinkedBlockingQueue<>();
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final List<GroupMedia> groups = new ArrayList<>();

  MediaLab(String transportName, CipherEngine engine) {
    this.transport = NettyTransport.select(transportName, 1);
    this.loop = transport.nextLoop();
    this.engine = engine;
  }

  /// An open group.
  GroupMedia group(List<Leg> listen, List<Leg> relay, MediaTap tap) {
    return group(listen, relay, tap, MediaLimits.defaults());
  }

  GroupMedia group(List<Leg> listen, List<Leg> relay, MediaTap tap, MediaLimits limits) {
    GroupMediaSettings settings =
        new GroupMediaSettings(new Identity("sip:fire-ops@example.org"), listen, relay, limits);
    GroupMedia group =
        new GroupMedia(settings, transport, loop, engine, tap, new GroupCounters(), clock);
    on(() -> {
      group.open(this, this);
      return group;
    });
    groups.add(group);
    return group;
  }

  GroupMedia group(List<Leg> relay) {
    return group(List.of(loopback()), relay, MediaTap.none());
  }

  static Leg loopback() {
    return Leg.unicast(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /// Where the group's first leg hears.
  InetSocketAddress address(GroupMedia group) {
    return address(group, 0);
  }

  InetSocketAddress address(GroupMedia group, int leg) {
    return on(() -> group.listening().get(leg).local());
  }

  /// Every drop counter that is not zero.
  static Map<DropReason, Long> drops(GroupMedia group) {
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      if (group.counters().dropped(reason) > 0) {
        drops.put(reason, group.counters().dropped(reason));
      }
    }
    return drops;
  }

  void install(GroupMedia group, Burst burst) {
    run(() -> group.install(burst));
  }

  /// Waits until the group has dealt with everything that `from` sent before.
  void settle(TestReceiver from, GroupMedia group) {
    from.send(new byte[] {1, 0}, address(group));
    next(mikey);
    run(() -> {}); // the rest of that batch
  }

  <T> T on(Callable<T> work) {
    try {
      return loop.submit(work).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e.getCause() == null ? e : e.getCause());
    }
  }

  void run(Runnable work) {
    on(() -> {
      work.run();
      return work;
    });
  }

  static <T> T next(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void mikey(
      GroupMedia group,
      MediaPort port,
      InetSocketAddress source,
      byte[] octets,
      long receivedUnixNanos) {
    mikey.add(octets);
  }

  @Override
  public void bye(Burst burst) {
    events.add("bye " + burst.speaker());
  }

  @Override
  public void unknownStream(int ssrc, int mki, InetSocketAddress source) {
    events.add("unknown %x".formatted(ssrc));
  }

  @Override
  public void ivReuse(Burst burst, int ssrc) {
    events.add("iv reuse %x".formatted(ssrc));
  }

  @Override
  public void firstPacket(Burst burst) {
    events.add("first of " + burst.speaker());
  }

  @Nullable String event() {
    return events.poll();
  }

  @Override
  public void close() {
    for (GroupMedia group : groups) {
      run(group::close);
    }
    transport.close();
  }
}
