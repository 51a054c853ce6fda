package parley.gateway.media;

import java.nio.ByteBuffer;
import parley.srtp.PacketBatch;

/// Sends by one descriptor, up to [SendRing#MOST] datagrams in a system call. Confined to the loop;
/// allocates nothing.
///
/// An error is of the first message that was not sent, unless it is the answer to an earlier one,
/// which Linux tells to whoever sends next: then nothing of that message is lost, and it is sent
/// again. So one receiver that is gone costs the others nothing.
final class BatchSender {
  /// Of one message, after which it is given up however much comes back of others.
  private static final int MOST_ERRORS = 16;

  private final LinuxCalls calls;
  private final int fd;
  private final SendRing ring;
  private final SendRing apart;
  private final BatchErrors errors;
  private final SendLosses losses;

  BatchSender(
      LinuxCalls calls,
      int fd,
      boolean isIpv6,
      boolean segments,
      BatchErrors errors,
      SendLosses losses) {
    this.calls = calls;
    this.fd = fd;
    this.ring = new SendRing(isIpv6, segments);
    this.apart = new SendRing(isIpv6, false);
    this.errors = errors;
    this.losses = losses;
  }

  void queue(PacketBatch batch, int slot, Destination to) {
    if (ring.isFull()) {
      flush();
    }
    if (ring.beginsMessage(batch.length(slot), to)) {
      errors.mayComeBack(to);
    }
    ring.add(batch, slot, to);
  }

  /// The octets are copied.
  void queue(ByteBuffer octets, Destination to) {
    if (!ring.hasRoom(octets.remaining())) {
      flush();
    }
    errors.mayComeBack(to);
    ring.add(octets, to);
  }

  /// Lets go of all: sent, or dropped and counted.
  void flush() {
    flush(ring);
  }

  private void flush(SendRing from) {
    int next = 0;
    int errorsInARow = 0;
    while (next < from.size()) {
      int result = calls.send(fd, from.address(next), from.size() - next);
      if (result > 0) {
        sent(from, next, result);
        next += result;
        errorsInARow = 0;
      } else if (result == -LinuxCalls.EAGAIN) {
        full(from, next);
        break;
      } else if (hasNoRoomOnItsWay(result)) {
        losses.full(from.to(next).leg(), from.datagrams(next));
        next++;
        errorsInARow = 0;
      } else if (from.datagrams(next) > 1 && refusesSegments(result)) {
        sendApart(from, next);
        next++;
        errorsInARow = 0;
      } else if (!isOfAnother(result, ++errorsInARow)) {
        losses.refused(from.to(next), -result, from.datagrams(next));
        next++;
        errorsInARow = 0;
      }
    }
    from.clear();
  }

  private void sent(SendRing from, int first, int count) {
    for (int message = first; message < first + count; message++) {
      losses.sent(from.to(message).leg());
    }
  }

  /// The socket's own buffer is full: whatever is behind this message does not fit either.
  private void full(SendRing from, int first) {
    for (int message = first; message < from.size(); message++) {
      losses.full(from.to(message).leg(), from.datagrams(message));
    }
  }

  /// On the way to some receivers nothing is cut apart: through IPsec, on a device that computes no
  /// checksums, or for datagrams that are longer than the way takes in one piece.
  private static boolean refusesSegments(int result) {
    return result == -LinuxCalls.EIO
        || result == -LinuxCalls.EINVAL
        || result == -LinuxCalls.EMSGSIZE;
  }

  /// One message for each datagram, for this receiver from now on.
  private void sendApart(SendRing from, int message) {
    from.to(message).refuseSegments();
    apart.add(from, message);
    flush(apart);
  }

  /// Of this message's way alone, a device's queue for example: others may leave by another.
  private static boolean hasNoRoomOnItsWay(int result) {
    return result == -LinuxCalls.ENOBUFS || result == -LinuxCalls.ENOMEM;
  }

  /// An answer may have found no room in the error queue, so a message is refused at its second
  /// error at the earliest.
  private boolean isOfAnother(int result, int errorsInARow) {
    boolean cameBack = result != -LinuxCalls.EINTR && errors.take(calls, fd);
    return errorsInARow == 1 || (cameBack && errorsInARow < MOST_ERRORS);
  }
}
