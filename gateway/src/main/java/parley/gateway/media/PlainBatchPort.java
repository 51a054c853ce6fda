package parley.gateway.media;

import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// A group's own socket on the batch path: one packet in each datagram, read into the loop's batch
/// and sent from wherever it lies.
final class PlainBatchPort extends BatchPort {
  private final BatchErrors errors;
  private @Nullable BatchSender sender;
  private boolean mayHoldMore;

  PlainBatchPort(NettySocket socket, BatchLoop loop) {
    this(socket, loop, new BatchErrors());
  }

  private PlainBatchPort(NettySocket socket, BatchLoop loop, BatchErrors errors) {
    super(socket, loop, errors);
    this.errors = errors;
  }

  @Override
  void opened(int fd, boolean isIpv6) {
    LinuxCalls calls = loop.calls();
    boolean segments = calls.hasOption(fd, ControlMessages.SOL_UDP, ControlMessages.UDP_SEGMENT);
    sender = new BatchSender(calls, fd, isIpv6, segments, errors, losses);
  }

  @Override
  void closing() {
    sender = null;
  }

  @Override
  int read(int fd, int packets) {
    int asked = Math.min(packets, ReceivedBatch.SLOTS);
    int came = loop.ring().read(loop.calls(), fd, asked);
    if (came > 0) {
      received.overflowed(newDrops(loop.ring().takeOverflow()));
    }
    mayHoldMore = came == asked;
    return came;
  }

  @Override
  boolean mayHoldMore() {
    return mayHoldMore;
  }

  @Override
  void handOver() {
    deliver();
  }

  @Override
  void queue(Channel open, PacketBatch batch, int slot, Destination to) {
    BatchSender by = sender;
    if (by != null) {
      by.queue(batch, slot, to);
    }
  }

  @Override
  void queue(Channel open, ByteBuffer octets, Destination to) {
    BatchSender by = sender;
    if (by != null) {
      by.queue(octets, to);
    }
  }

  @Override
  void flush(Channel open) {
    BatchSender by = sender;
    if (by != null) {
      by.flush();
    }
  }
}
