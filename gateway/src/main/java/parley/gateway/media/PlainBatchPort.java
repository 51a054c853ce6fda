package parley.gateway.media;

/// A group's own socket on the batch path: one packet in each datagram, read into the loop's batch
/// and sent from wherever it lies.
final class PlainBatchPort extends BatchPort {
  private final BatchErrors errors;
  private boolean mayHoldMore;

  PlainBatchPort(NettySocket socket, BatchLoop loop) {
    this(socket, loop, new BatchErrors());
  }

  private PlainBatchPort(NettySocket socket, BatchLoop loop, BatchErrors errors) {
    super(socket, loop, errors);
    this.errors = errors;
  }

  @Override
  DatagramSender opened(int fd, boolean isIpv6) {
    LinuxCalls calls = loop.calls();
    boolean segments = calls.hasOption(fd, ControlMessages.SOL_UDP, ControlMessages.UDP_SEGMENT);
    return new BatchSender(calls, fd, isIpv6, segments, errors, losses);
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
}
