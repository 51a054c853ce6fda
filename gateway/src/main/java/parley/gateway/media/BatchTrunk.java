package parley.gateway.media;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A trunk on the batch path: it listens, and gives its [TrunkInbox] whatever one system call
/// brings, or it sends, at the end of the loop's turn.
///
/// The end of a turn is a task: Netty runs tasks when all sockets that were ready have been read,
/// so packets of many groups leave together.
final class BatchTrunk extends BatchPort {
  private static final Logger LOG = LoggerFactory.getLogger(BatchTrunk.class);

  private final TrunkErrors errors;
  private final TrunkCounters counters;
  private final InetSocketAddress receiver;
  private final @Nullable TrunkInbox inbox;
  private final @Nullable TrunkRing ring;
  private final Runnable turnEnd = this::turnEnd;
  private @Nullable TrunkSender sender;
  private boolean isAsked;

  /// @param inbox of one that listens; null for one that sends to the leg's address
  BatchTrunk(
      NettySocket socket,
      BatchLoop loop,
      Leg leg,
      TrunkCounters counters,
      @Nullable TrunkInbox inbox) {
    this(socket, loop, leg, counters, inbox, new TrunkErrors());
  }

  private BatchTrunk(
      NettySocket socket,
      BatchLoop loop,
      Leg leg,
      TrunkCounters counters,
      @Nullable TrunkInbox inbox,
      TrunkErrors errors) {
    super(socket, loop, errors);
    this.errors = errors;
    this.counters = counters;
    this.receiver = leg.address();
    this.inbox = inbox;
    this.ring = inbox == null ? null : new TrunkRing(clock);
  }

  @Override
  @Nullable DatagramSender opened(int fd, boolean isIpv6) {
    if (inbox == null) {
      SocketName name = SocketName.of(receiver, isIpv6);
      sender = new TrunkSender(loop.calls(), fd, name, errors, losses, counters);
      return sender;
    }
    try {
      loop.calls().option(fd, ControlMessages.SOL_UDP, ControlMessages.UDP_GRO, 1);
    } catch (IOException e) {
      LOG.info("trunk {} hears each packet alone, which costs more: {}", name(), e.getMessage());
    }
    return null;
  }

  @Override
  void letGo(Channel old) {
    turnEnd();
    sender = null;
    super.letGo(old);
  }

  private String name() {
    return counters.name();
  }

  @Override
  int read(int fd, int packets) {
    if (ring == null || inbox == null) {
      return 0;
    }
    int came = ring.read(loop.calls(), fd, packets, inbox, counters);
    counters.drop(TrunkDrop.RECEIVE_FULL, newDrops(ring.takeOverflow()));
    return came;
  }

  @Override
  boolean mayHoldMore() {
    return ring != null && ring.wasFilled();
  }

  @Override
  void handOver() {
    if (inbox != null) {
      inbox.deliver();
    }
  }

  /// What is queued is a copy, and can wait for what others of this turn have to send.
  @Override
  void flush(Channel open) {
    TrunkSender by = sender;
    if (by == null || by.isEmpty() || isAsked) {
      return;
    }
    if (loop.eventLoop().isShuttingDown()) {
      by.flush();
    } else {
      isAsked = true;
      loop.eventLoop().execute(turnEnd);
    }
  }

  private void turnEnd() {
    isAsked = false;
    TrunkSender by = sender;
    if (by != null) {
      by.flush();
    }
  }
}
