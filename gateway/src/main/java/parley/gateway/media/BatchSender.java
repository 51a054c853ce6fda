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
  private final BatchErrors errors;
  private final SendLosses losses;

  BatchSender(LinuxCalls calls, int fd, SendRing ring, BatchErrors errors, SendLosses losses) {
    this.calls = calls;
    this.fd = fd;
    this.ring = ring;
    this.errors = errors;
    this.losses = losses;
  }

  void queue(PacketBatch batch, int slot, Destination to) {
    if (ring.isFull()) {
      flush();
    }
    errors.mayComeBack(to);
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
    int next = 0;
    int errorsInARow = 0;
    while (next < ring.size()) {
      int result = calls.send(fd, ring.address(next), ring.size() - next);
      if (result > 0) {
        sent(next, result);
        next += result;
        errorsInARow = 0;
      } else if (result == -LinuxCalls.EAGAIN) {
        full(next);
        break;
      } else if (hasNoRoomOnItsWay(result)) {
        losses.full(ring.to(next).leg());
        next++;
        errorsInARow = 0;
      } else if (!isOfAnother(result, ++errorsInARow)) {
        losses.refused(ring.to(next), -result);
        next++;
        errorsInARow = 0;
      }
    }
    ring.clear();
  }

  private void sent(int first, int count) {
    for (int message = first; message < first + count; message++) {
      losses.sent(ring.to(message).leg());
    }
  }

  /// The socket's own buffer is full: whatever is behind this message does not fit either.
  private void full(int first) {
    for (int message = first; message < ring.size(); message++) {
      losses.full(ring.to(message).leg());
    }
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
