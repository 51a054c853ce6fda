package parley.gateway.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// What anybody on the network hears of a multicast group, ciphertext and all, and may send to it.
///
/// Members gone bad and strangers use it; it knows no key.
final class Wiretap implements AutoCloseable {
  private static final int MIKEY_VERSION_1 = 0x01;
  private static final int CSB_ID = 4;
  private static final int MOST_OCTETS = 4096;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final DatagramChannel channel;
  private final InetSocketAddress group;
  private final List<byte[]> heard = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  private Wiretap(DatagramChannel channel, InetSocketAddress group) {
    this.channel = channel;
    this.group = group;
  }

  static Wiretap on(InetSocketAddress group, NetworkInterface on) throws IOException {
    DatagramChannel channel =
        DatagramChannel.open(StandardProtocolFamily.INET)
            .setOption(StandardSocketOptions.SO_REUSEADDR, true)
            .setOption(StandardSocketOptions.IP_MULTICAST_IF, on)
            .bind(group);
    channel.join(group.getAddress(), on);
    Wiretap tap = new Wiretap(channel, group);
    Thread.ofVirtual().name("wiretap").start(tap::listen);
    return tap;
  }

  /// The first announcement of a burst; waits for it.
  byte[] announcement(int csbId) throws InterruptedException {
    return await(
        octets -> isAnnouncement(octets) && ByteBuffer.wrap(octets).getInt(CSB_ID) == csbId);
  }

  /// The first media packet behind that announcement; waits for it.
  byte[] packetAfter(byte[] announcement) throws InterruptedException {
    return await(octets -> isRtp(octets) && isAfter(octets, announcement));
  }

  void send(byte[] octets) throws IOException {
    channel.send(ByteBuffer.wrap(octets), group);
  }

  private void listen() {
    ByteBuffer packet = ByteBuffer.allocate(MOST_OCTETS);
    try {
      while (channel.isOpen()) {
        packet.clear();
        channel.receive(packet);
        keep(Arrays.copyOf(packet.array(), packet.position()));
      }
    } catch (ClosedChannelException _) {
      // the end of the demo
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keep(byte[] octets) {
    lock.lock();
    try {
      heard.add(octets);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private byte[] await(Predicate<byte[]> wanted) throws InterruptedException {
    long left = PATIENCE.toNanos();
    lock.lock();
    try {
      Optional<byte[]> found = heard.stream().filter(wanted).findFirst();
      while (found.isEmpty() && left > 0) {
        left = more.awaitNanos(left);
        found = heard.stream().filter(wanted).findFirst();
      }
      return found.orElseThrow(() -> new IllegalStateException("the wiretap hears nothing"));
    } finally {
      lock.unlock();
    }
  }

  private boolean isAfter(byte[] octets, byte[] before) {
    return heard.indexOf(octets) > heard.indexOf(before);
  }

  private static boolean isAnnouncement(byte[] octets) {
    return octets.length > CSB_ID + Integer.BYTES && octets[0] == MIKEY_VERSION_1;
  }

  /// RTP version 2, and not one of RTCP's packet types (RFC 5761, 4).
  private static boolean isRtp(byte[] octets) {
    int type = octets.length < 2 ? 0 : octets[1] & 0xFF;
    return octets.length > 12 && (octets[0] & 0xC0) == 0x80 && (type < 192 || type > 223);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
