package parley.gateway.campaign;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.keys.FreePort;

/// Somebody who talks in one group in short bursts from start to stop, and a receiver of what the
/// gateway relays there. Both on loopback, in threads of their own.
final class Chatter implements AutoCloseable {
  private static final long PACKET_NANOS = 4_000_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int LISTEN_MILLIS = 50;
  private static final int LONGEST = 150;

  private final String group;
  private final LabMember who;
  private final RandomGenerator random;
  private final DatagramSocket mouth;
  private final DatagramSocket ear;
  private final InetSocketAddress door;
  private final List<Spoken> bursts = new CopyOnWriteArrayList<>();
  private final Thread listener;
  private volatile boolean talking;
  private volatile boolean closed;
  private final AtomicInteger announcementsHeard = new AtomicInteger();
  private Thread talker = Thread.ofVirtual().unstarted(() -> {});

  Chatter(String group, LabMember who, RandomGenerator random) throws IOException {
    this.group = group;
    this.who = who;
    this.random = random;
    InetAddress loopback = InetAddress.getLoopbackAddress();
    mouth = new DatagramSocket(0, loopback);
    ear = new DatagramSocket(0, loopback);
    ear.setReceiveBufferSize(1 << 20);
    ear.setSoTimeout(LISTEN_MILLIS);
    door = new InetSocketAddress(loopback, FreePort.udp());
    listener = Thread.ofPlatform().name("ear of " + group).start(this::listen);
  }

  String group() {
    return group;
  }

  /// The group's entry in the gateway's configuration.
  String yaml() {
    return """
      - id: %s
        listen: [{unicast: "127.0.0.1:%d"}]
        relay: [{to: "127.0.0.1:%d"}]
        record: {}
    """
        .formatted(group, door.getPort(), ear.getLocalPort());
  }

  /// Every burst so far, the running one last.
  List<Spoken> bursts() {
    return bursts;
  }

  void start() {
    talking = true;
    talker = Thread.ofPlatform().name("mouth of " + group).start(this::talk);
  }

  /// Talks no more when this returns; the last burst may have no end.
  void stop() throws InterruptedException {
    talking = false;
    talker.join();
  }

  private void talk() {
    try {
      while (talking) {
        burst(1 + random.nextInt(LONGEST), () -> talking);
      }
    } catch (Exception e) {
      throw new IllegalStateException("nobody talks in " + group, e);
    }
  }

  private interface Condition {
    boolean holds();
  }

  /// Announced, spoken and ended with a BYE, or left off when `goOn` fails.
  private Spoken burst(int packets, Condition goOn) throws Exception {
    LabTalker voice = who.talker(group);
    var spoken = new Spoken(voice.csbId());
    bursts.add(spoken);
    int before = announcementsHeard.get();
    send(voice.announce());
    awaitAnnouncement(before, goOn);
    for (int n = 0; n < packets && goOn.holds(); n++) {
      byte[] packet = voice.packet(spoken.payload(n));
      spoken.say(packet);
      send(packet);
      LockSupport.parkNanos(PACKET_NANOS);
    }
    if (goOn.holds()) {
      send(voice.bye());
    }
    return spoken;
  }

  /// Media behind an announcement that is still being verified could be dropped, on a slow machine.
  private void awaitAnnouncement(int before, Condition goOn) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (announcementsHeard.get() == before && goOn.holds()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("no announcement is relayed in " + group);
      }
      LockSupport.parkNanos(PACKET_NANOS);
    }
  }

  /// One whole burst of so many packets, on the caller's thread.
  Spoken burst(int packets) throws Exception {
    return burst(packets, () -> true);
  }

  private void send(byte[] octets) throws IOException {
    mouth.send(new DatagramPacket(octets, octets.length, door));
  }

  private void listen() {
    byte[] buffer = new byte[2048];
    while (!closed) {
      var packet = new DatagramPacket(buffer, buffer.length);
      try {
        ear.receive(packet);
        hear(Arrays.copyOf(buffer, packet.getLength()));
      } catch (SocketTimeoutException _) {
        // quiet
      } catch (IOException e) {
        if (!closed) {
          throw new IllegalStateException("nobody hears " + group, e);
        }
      }
    }
  }

  private void hear(byte[] octets) {
    if (octets[0] == 1) {
      announcementsHeard.incrementAndGet();
    } else {
      for (Spoken burst : bursts.reversed()) {
        if (burst.hear(octets)) {
          return;
        }
      }
    }
  }

  @Override
  public void close() {
    talking = false;
    closed = true;
    mouth.close();
    ear.close();
    listener.interrupt();
  }
}
