package parley.gateway.media;

import java.nio.ByteBuffer;
import parley.srtp.PacketBatch;

/// Sends packets to any receivers, from wherever they lie.
final class BatchSender extends DatagramSender {
  private final SendRing ring;
  private final SendRing apart;

  /// @param segments whether the kernel cuts messages into datagrams
  BatchSender(
      LinuxCalls calls,
      int fd,
      boolean isIpv6,
      boolean segments,
      BatchErrors errors,
      SendLosses losses) {
    super(calls, fd, errors, losses);
    this.ring = new SendRing(isIpv6, segments);
    this.apart = new SendRing(isIpv6, false);
  }

  @Override
  void queue(PacketBatch batch, int slot, Destination to) {
    if (ring.isFull()) {
      flush();
    }
    if (ring.add(batch, slot, to)) {
      errors.mayComeBack(to);
    }
  }

  @Override
  void queue(ByteBuffer octets, Destination to) {
    if (!ring.hasRoom(octets.remaining())) {
      flush();
    }
    if (ring.add(octets, to)) {
      errors.mayComeBack(to);
    }
  }

  @Override
  void flush() {
    flush(ring);
  }

  /// One message for each datagram, for this receiver from now on.
  @Override
  int cutOtherwise(Outbox from, int message, int errno) {
    ring.to(message).refuseSegments();
    apart.add(ring, message);
    flush(apart);
    return message + 1;
  }
}
