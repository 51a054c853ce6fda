package parley.gateway.campaign;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.system.Lies;

/// A member in the field that talks in bursts of some seconds, 50 packets a second, and somebody at
/// the same socket who replays, forges and makes up.
///
/// Some bursts end without a BYE, some by the next burst, some under a new group master key.
final class FieldTalker {
  private static final long FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int PAYLOAD_OCTETS = 160;
  private static final int KEPT = 64;
  private static final int SSRC_PLACE = 8;
  private static final double MISCHIEF = 0.02;

  private final String group;
  private final LabMember who;
  private final DatagramSocket socket;
  private final List<InetSocketAddress> doors;
  private final Consumer<ByteBuffer> genuine;
  private final RandomGenerator random;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong sentGenuine = new AtomicLong();
  private final AtomicLong bursts = new AtomicLong();
  private final Deque<byte[]> packets = new ArrayDeque<>();
  private final Deque<byte[]> announcements = new ArrayDeque<>();
  private volatile boolean talking;
  private volatile @Nullable Throwable failure;
  private Thread thread = Thread.ofVirtual().unstarted(() -> {});

  /// @param doors where the group listens; each burst takes one of them
  /// @param genuine told of each packet of media before it is sent
  FieldTalker(
      String group,
      LabMember who,
      DatagramSocket socket,
      List<InetSocketAddress> doors,
      Consumer<ByteBuffer> genuine,
      RandomGenerator random) {
    this.group = group;
    this.who = who;
    this.socket = socket;
    this.doors = List.copyOf(doors);
    this.genuine = genuine;
    this.random = random;
  }

  /// Datagrams that the socket took.
  long sent() {
    return sent.get();
  }

  /// Packets of media among them, each counted once.
  long sentGenuine() {
    return sentGenuine.get();
  }

  long bursts() {
    return bursts.get();
  }

  void start() {
    talking = true;
    thread = Thread.ofPlatform().daemon().name(who.identity() + " in " + group).start(this::talk);
  }

  /// Nothing is sent any more when this returns.
  void stop() throws InterruptedException {
    talking = false;
    thread.join();
    if (failure != null) {
      throw new AssertionError("nobody talks in " + group, failure);
    }
  }

  private void talk() {
    try {
      while (talking) {
        burst(doors.get(random.nextInt(doors.size())));
        if (random.nextInt(3) > 0) {
          rest(random.nextLong(4000));
        }
      }
    } catch (Exception | AssertionError e) {
      failure = e;
    }
  }

  private void burst(InetSocketAddress door) throws Exception {
    LabTalker voice = who.talker(group);
    bursts.incrementAndGet();
    announce(voice, door);
    rest(random.nextLong(60));
    long began = System.nanoTime();
    long repeat = nextRepeat(0);
    int frames = 50 + random.nextInt(500);
    for (int n = 0; n < frames && talking; n++) {
      long due = n * FRAME_NANOS;
      if (due >= repeat) {
        announce(voice, door);
        repeat = nextRepeat(due);
      }
      say(voice.packet(payload(n)), door);
      if (random.nextDouble() < MISCHIEF) {
        misbehave(voice, door);
      }
      park(began + due + FRAME_NANOS);
    }
    if (!talking || random.nextInt(5) > 0) {
      say(voice.bye(), door);
    }
  }

  /// 500 ms apart for 2 s, then every 2 s.
  private static long nextRepeat(long sinceStart) {
    long step = TimeUnit.MILLISECONDS.toNanos(sinceStart < 2_000_000_000L ? 500 : 2000);
    return (sinceStart / step + 1) * step;
  }

  private byte[] payload(int n) {
    byte[] payload = new byte[PAYLOAD_OCTETS];
    random.nextBytes(payload);
    ByteBuffer.wrap(payload).putInt(n);
    return payload;
  }

  private void announce(LabTalker voice, InetSocketAddress door) throws Exception {
    byte[] message = voice.announce();
    keep(announcements, message);
    send(message, door);
  }

  private void say(byte[] packet, InetSocketAddress door) throws IOException {
    genuine.accept(ByteBuffer.wrap(packet));
    keep(packets, packet);
    send(packet, door);
    sentGenuine.incrementAndGet();
  }

  private static void keep(Deque<byte[]> kept, byte[] octets) {
    kept.add(octets);
    if (kept.size() > KEPT) {
      kept.removeFirst();
    }
  }

  private void misbehave(LabTalker voice, InetSocketAddress door) throws Exception {
    switch (random.nextInt(8)) {
      case 0, 1 -> send(packets.getFirst(), door);
      case 2, 3 -> send(Lies.forged(packets.getLast()), door);
      case 4 -> send(ofAnotherStream(packets.getLast()), door);
      case 5 -> send(rubbish(), door);
      case 6 -> send(announcements.getFirst(), door);
      default -> send(Lies.touched(voice.announce()), door);
    }
  }

  private byte[] ofAnotherStream(byte[] packet) {
    byte[] other = packet.clone();
    ByteBuffer.wrap(other).putInt(SSRC_PLACE, random.nextInt());
    return other;
  }

  private byte[] rubbish() {
    byte[] octets = new byte[1 + random.nextInt(200)];
    random.nextBytes(octets);
    octets[0] = (byte) (0x20 | (octets[0] & 0x1f));
    return octets;
  }

  private void send(byte[] octets, InetSocketAddress door) throws IOException {
    socket.send(new DatagramPacket(octets, octets.length, door));
    sent.incrementAndGet();
  }

  private void rest(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (talking && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(Math.min(FRAME_NANOS, until - System.nanoTime()));
    }
  }

  private static void park(long until) {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
