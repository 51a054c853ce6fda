package parley.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import parley.keys.member.KeysMissing;
import parley.mikey.identity.NtpTimestamp;

/// Announces each talker's burst at once and again by the schedule of the wire profile: every 500
/// ms for 2 s, then every 2 s.
///
/// Each gateway address has a connected socket, so that an ICMP error that comes back is heard.
final class Announcements implements AutoCloseable {
  private static final long CLOSE_MILLIS = 500;
  private static final long WIDE_MILLIS = 2000;
  private static final int CLOSE_REPEATS = 4;

  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("load-announce").factory());
  private final Map<InetSocketAddress, DatagramChannel> sockets = new HashMap<>();
  private final AtomicLong unreachable = new AtomicLong();
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
    talkers.forEach(talker -> all.thread.execute(() -> all.announce(talker, 0)));
    return all;
  }

  /// How often an ICMP error said that nobody listens at a gateway's address.
  long unreachable() {
    return unreachable.get();
  }

  /// Why a burst is not announced any more; null while all are.
  @Nullable String failure() {
    return failure;
  }

  private void announce(LoadTalker talker, int repeats) {
    try {
      send(talker);
      var _ =
          thread.schedule(
              () -> announce(talker, repeats + 1),
              repeats < CLOSE_REPEATS ? CLOSE_MILLIS : WIDE_MILLIS,
              TimeUnit.MILLISECONDS);
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
