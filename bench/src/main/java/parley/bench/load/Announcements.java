package parley.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import parley.gateway.ue.AnnouncementSchedule;
import parley.keys.member.KeysMissing;
import parley.mikey.identity.NtpTimestamp;

/// Announces each talker's burst at once and again by the schedule of the wire profile.
///
/// Each gateway address has a connected socket, so that an ICMP error that comes back is heard.
final class Announcements implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("load-announce").factory());
  private final Map<InetSocketAddress, DatagramChannel> sockets = new HashMap<>();
  private final AtomicLong unreachable = new AtomicLong();
  private final AtomicInteger begun = new AtomicInteger();
  private volatile @Nullable InetSocketAddress unreachableAt;
  private volatile @Nullable String failure;

  private Announcements(InstantSource clock) {
    this.clock = clock;
  }

  static Announcements start(List<LoadTalker> talkers, InstantSource clock) throws IOException {
    var all = new Announcements(clock);
    for (LoadTalker talker : talkers) {
      InetSocketAddress to = talker.group().to();
      if (!all.sockets.containsKey(to)) {
        all.sockets.put(to, DatagramChannel.open().connect(to));
      }
    }
    talkers.forEach(talker ->
        all.thread.execute(() -> {
          try {
            all.announce(talker, System.nanoTime());
          } finally {
            all.begun.incrementAndGet();
          }
        }));
    return all;
  }

  /// Until so many bursts were announced once.
  void awaitBegun(int bursts) throws LoadFailed, InterruptedException {
    while (begun.get() < bursts) {
      Thread.sleep(PAUSE);
    }
    requireGateway();
  }

  /// Tells of what keeps a burst from being announced.
  void requireGateway() throws LoadFailed {
    String why = failure;
    if (why != null) {
      throw new LoadFailed(why);
    }
    InetSocketAddress nobody = unreachableAt;
    if (nobody != null) {
      throw new LoadFailed(
          "the gateway cannot be reached: an ICMP error says that nobody listens at " + nobody);
    }
  }

  /// How often an ICMP error said that nobody listens at a gateway's address.
  long unreachable() {
    return unreachable.get();
  }

  /// Why a burst is not announced any more; null while all are.
  @Nullable String failure() {
    return failure;
  }

  private void announce(LoadTalker talker, long startedNanos) {
    try {
      send(talker);
      long elapsed = System.nanoTime() - startedNanos;
      var _ =
          thread.schedule(
              () -> announce(talker, startedNanos),
              AnnouncementSchedule.next(elapsed) - elapsed,
              TimeUnit.NANOSECONDS);
    } catch (KeysMissing | IOException e) {
      failure = "%s is announced no more: %s".formatted(talker.group().id(), e.getMessage());
    }
  }

  /// An error of the datagram before this one is told by the socket instead of sending.
  private void send(LoadTalker talker) throws KeysMissing, IOException {
    ByteBuffer message = ByteBuffer.wrap(talker.announce(NtpTimestamp.of(clock.instant())));
    DatagramChannel socket = sockets.get(talker.group().to());
    if (socket == null) {
      return;
    }
    try {
      socket.write(message);
    } catch (PortUnreachableException _) {
      unreachableAt = talker.group().to();
      unreachable.incrementAndGet();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    for (DatagramChannel socket : sockets.values()) {
      try {
        socket.close();
      } catch (IOException _) {
        // it was for sending, and everything is sent
      }
    }
  }
}
