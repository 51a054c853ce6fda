package parley.gateway.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A cable between two networks that loses, doubles, delays and reorders, and keeps an exact
/// account: for hosts whose kernel has no netem, and for tests that must know what became of every
/// datagram.
///
/// Each end is a TAP device, inside its network or bridged to a veth cable that ends there; one
/// thread carries the frames, in an order that `seed` decides. Only UDP to the ports named is
/// impaired, unicast and multicast; ARP, neighbour discovery, IGMP, MLD and everything else pass at
/// once.
public final class ImpairedWire implements AutoCloseable {
  /// From the first network to the second, or back.
  public enum Direction {
    FORTH,
    BACK
  }

  /// The kinds of datagram that an account can be asked for.
  public enum Traffic {
    /// First octet 0x01.
    MIKEY,
    RTP,
    RTCP,
    ANY;

    private boolean holds(WireDatagram datagram) {
      return this == ANY || name().equals(datagram.kind().name());
    }
  }

  private static final int FRAME_OCTETS = 65_536;
  private static final int POLL_STRUCTURE_OCTETS = 8;
  private static final short POLLIN = 1;
  private static final int IDLE_MILLIS = 20;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Map<Direction, Way> ways = new EnumMap<>(Direction.class);
  private final Set<Integer> ports;
  private final Random random;
  private final PriorityQueue<Frame> underWay = new PriorityQueue<>();
  private final Thread carrier;
  private @Nullable Netns middle;
  private long frames;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  /// One direction: the device read, the device written, and what happened.
  private static final class Way {
    private final Tap from;
    private final Tap to;
    private final Map<WireDatagram, WireAccount> accounts = new ConcurrentHashMap<>();
    private final Map<WireDatagram, Long> last = new HashMap<>();
    private volatile Impairment impairment = Impairment.NONE;

    Way(Tap from, Tap to) {
      this.from = from;
      this.to = to;
    }

    void count(WireDatagram datagram, WireAccount more) {
      accounts.merge(datagram, more, WireAccount::plus);
    }
  }

  /// A frame on its way, due at a moment of [System#nanoTime].
  private record Frame(
      long dueNanos, long number, long copy, Way way, WireDatagram datagram, ByteBuffer octets)
      implements Comparable<Frame> {
    @Override
    public int compareTo(Frame other) {
      int byTime = Long.signum(dueNanos - other.dueNanos);
      return byTime != 0 ? byTime : Long.compare(copy, other.copy);
    }
  }

  private ImpairedWire(Tap a, Tap b, long seed, Set<Integer> ports) {
    ways.put(Direction.FORTH, new Way(a, b));
    ways.put(Direction.BACK, new Way(b, a));
    this.ports = ports;
    this.random = new Random(seed);
    this.carrier = Thread.ofPlatform().daemon().name("wire").unstarted(this::carry);
  }

  /// Connects the two networks, both ends up, without addresses; a perfect wire until it is
  /// [#impair]ed. Impairs UDP to `ports` alone.
  public static ImpairedWire between(
      Netns a, String deviceOfA, Netns b, String deviceOfB, long seed, Set<Integer> ports)
      throws Exception {
    Tap one = Tap.create(a, deviceOfA);
    Tap other = Tap.create(b, deviceOfB);
    var wire = new ImpairedWire(one, other, seed, Set.copyOf(ports));
    wire.carrier.start();
    return wire;
  }

  /// The same between two veth devices: the wire lies in a network of its own, where each cable
  /// ends at a switch with the wire. What a switch cannot pass on, because a device is down, the
  /// account has as delivered.
  public static ImpairedWire betweenCables(
      Netns a, String deviceOfA, Netns b, String deviceOfB, long seed, Set<Integer> ports)
      throws Exception {
    Netns middle = Netns.create();
    middle.sysctl("net.ipv6.conf.default.disable_ipv6", "1");
    ImpairedWire wire = between(middle, "near", middle, "far", seed, ports);
    wire.middle = middle;
    Netns.cable(a, deviceOfA, middle, "to-a");
    Netns.cable(b, deviceOfB, middle, "to-b");
    middle.bridge("switch-a", "to-a", "near");
    middle.bridge("switch-b", "to-b", "far");
    return wire;
  }

  /// From now on, in that direction.
  public void impair(Direction direction, Impairment by) {
    way(direction).impairment = by;
  }

  public void impair(Impairment both) {
    impair(Direction.FORTH, both);
    impair(Direction.BACK, both);
  }

  /// Datagrams of that kind to `port`.
  public WireAccount account(Direction direction, int port, Traffic traffic) {
    return account(direction, d -> d.port() == port && traffic.holds(d));
  }

  /// RTP of one stream to `port`.
  public WireAccount stream(Direction direction, int port, int ssrc) {
    return account(
        direction, d -> d.port() == port && d.kind() == WireDatagram.Kind.RTP && d.ssrc() == ssrc);
  }

  private WireAccount account(Direction direction, Predicate<WireDatagram> which) {
    return way(direction).accounts.entrySet().stream()
        .filter(entry -> which.test(entry.getKey()))
        .map(Map.Entry::getValue)
        .reduce(WireAccount.EMPTY, WireAccount::plus);
  }

  private Way way(Direction direction) {
    Throwable cause = failure;
    if (cause != null) {
      throw new AssertionError("the wire broke", cause);
    }
    return Objects.requireNonNull(ways.get(direction));
  }

  /// Waits until nothing is under way and nothing new has entered for a moment: the account is
  /// final.
  public void awaitIdle() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    WireAccount before = null;
    WireAccount now = all();
    while (!now.equals(before)
        || now.delivered() != now.entered() - now.lost() + now.duplicated()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("the wire does not come to rest: " + now);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10L * IDLE_MILLIS));
      before = now;
      now = all();
    }
  }

  private WireAccount all() {
    return account(Direction.FORTH, _ -> true).plus(account(Direction.BACK, _ -> true));
  }

  private void carry() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(FRAME_OCTETS);
      MemorySegment polled = arena.allocate(2L * POLL_STRUCTURE_OCTETS, 4);
      while (!closed) {
        awaitFrames(polled);
        for (Way way : ways.values()) {
          takeAll(way, buffer);
        }
        deliverDue(buffer);
      }
    } catch (IOException | RuntimeException e) {
      failure = closed ? null : e;
    }
  }

  private void awaitFrames(MemorySegment polled) throws IOException {
    int place = 0;
    for (Way way : ways.values()) {
      polled.set(ValueLayout.JAVA_INT, (long) place * POLL_STRUCTURE_OCTETS, way.from.fd());
      polled.set(ValueLayout.JAVA_INT, (long) place * POLL_STRUCTURE_OCTETS + 4, POLLIN);
      place++;
    }
    Frame next = underWay.peek();
    long nanos = next == null ? Long.MAX_VALUE : Math.max(0, next.dueNanos() - System.nanoTime());
    Libc.poll(polled, 2, (int) Math.min(IDLE_MILLIS, (nanos + 999_999) / 1_000_000));
  }

  private void takeAll(Way way, MemorySegment buffer) throws IOException {
    for (int octets = way.from.read(buffer); octets >= 0; octets = way.from.read(buffer)) {
      MemorySegment frame = buffer.asSlice(0, octets);
      WireDatagram datagram = WireDatagram.of(frame.asByteBuffer());
      if (datagram == null || !ports.contains(datagram.port())) {
        way.to.write(frame);
      } else {
        take(way, datagram, ByteBuffer.wrap(frame.toArray(ValueLayout.JAVA_BYTE)));
      }
    }
  }

  private void take(Way way, WireDatagram datagram, ByteBuffer octets) {
    Impairment by = way.impairment;
    boolean isLost = random.nextDouble() < by.loss();
    boolean isDoubled = !isLost && random.nextDouble() < by.duplication();
    way.count(datagram, new WireAccount(1, isLost ? 1 : 0, isDoubled ? 1 : 0, 0, 0));
    if (isLost) {
      return;
    }
    long number = frames++;
    send(way, datagram, octets, number, by, random.nextDouble() < by.reordering());
    if (isDoubled) {
      send(way, datagram, octets, number, by, false);
    }
  }

  private void send(
      Way way,
      WireDatagram datagram,
      ByteBuffer octets,
      long number,
      Impairment by,
      boolean isHeldBack) {
    long due = System.nanoTime() + by.delay().toNanos() + jitter(by.jitter());
    due += isHeldBack ? by.heldBack().toNanos() : 0;
    underWay.add(new Frame(due, number, frames++, way, datagram, octets));
  }

  private long jitter(Duration most) {
    return most.isZero() ? 0 : (long) (random.nextDouble() * most.toNanos());
  }

  private void deliverDue(MemorySegment buffer) throws IOException {
    for (Frame next = underWay.peek();
        next != null && next.dueNanos() - System.nanoTime() <= 0;
        next = underWay.peek()) {
      underWay.remove();
      deliver(next, buffer);
    }
  }

  private static void deliver(Frame frame, MemorySegment buffer) throws IOException {
    MemorySegment octets = buffer.asSlice(0, frame.octets().remaining());
    octets.asByteBuffer().put(frame.octets().duplicate());
    Way way = frame.way();
    long latest = way.last.getOrDefault(frame.datagram(), -1L);
    boolean isOvertaken = frame.number() < latest;
    way.last.put(frame.datagram(), Math.max(latest, frame.number()));
    if (way.to.write(octets)) {
      way.count(frame.datagram(), new WireAccount(0, 0, 0, isOvertaken ? 1 : 0, 1));
    } else {
      // a device that is down takes nothing: the datagram, or its copy, is lost here
      way.count(frame.datagram(), new WireAccount(0, 1, 0, 0, 0));
    }
  }

  private void awaitCarrier() {
    try {
      carrier.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the wire; both devices vanish, and cables with them.
  @Override
  public void close() throws IOException {
    closed = true;
    awaitCarrier();
    for (Way way : ways.values()) {
      way.from.close();
    }
    if (middle != null) {
      middle.close();
    }
    Throwable cause = failure;
    if (cause != null) {
      throw new AssertionError("the wire broke", cause);
    }
  }
}
