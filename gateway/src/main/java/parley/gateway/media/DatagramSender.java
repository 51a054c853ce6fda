package parley.gateway.media;

import java.nio.ByteBuffer;
import parley.srtp.PacketBatch;

/// Sends by one descriptor, many datagrams in a system call. Confined to the loop; allocates
/// nothing.
///
/// An error is of the first message that was not sent, unless it is the answer to an earlier one,
/// which Linux tells to whoever sends next: then nothing of that message is lost, and it is sent
/// again. So one receiver that is gone costs the others nothing.
abstract sealed class DatagramSender permits BatchSender, TrunkSender {
  /// Of one message, after which it is given up however much comes back of others.
  private static final int MOST_ERRORS = 16;

  final BatchErrors errors;
  private final LinuxCalls calls;
  private final int fd;
  private final SendLosses losses;

  DatagramSender(LinuxCalls calls, int fd, BatchErrors errors, SendLosses losses) {
    this.calls = calls;
    this.fd = fd;
    this.errors = errors;
    this.losses = losses;
  }

  /// Queues the packet of a slot.
  abstract void queue(PacketBatch batch, int slot, Destination to);

  /// Queues a copy of these octets.
  abstract void queue(ByteBuffer octets, Destination to);

  /// Lets go of all: sent, or dropped and counted.
  abstract void flush();

  /// The kernel does not cut this message apart, for which there is another way.
  ///
  /// @return the message to go on with
  abstract int cutOtherwise(Outbox from, int message, int errno);

  void sent(Outbox from, int first, int end) {
    from.sent(first, end, losses);
  }

  final void flush(Outbox from) {
    int next = 0;
    int errorsInARow = 0;
    while (next < from.size()) {
      int result = calls.send(fd, from.address(next), from.size() - next);
      if (result > 0) {
        sent(from, next, next + result);
        next += result;
      } else if (result == -LinuxCalls.EAGAIN) {
        from.full(next, from.size(), losses); // whatever is behind it does not fit either
        break;
      } else if (hasNoRoomOnItsWay(result)) {
        from.full(next, ++next, losses);
      } else if (from.datagrams(next) > 1 && refusesToCut(result)) {
        next = cutOtherwise(from, next, -result);
      } else if (isOfAnother(result, ++errorsInARow)) {
        continue;
      } else {
        from.refused(next++, -result, losses);
      }
      errorsInARow = 0;
    }
    from.clear();
  }

  /// Of this message's way alone, a device's queue for example: others may leave by another.
  private static boolean hasNoRoomOnItsWay(int result) {
    return result == -LinuxCalls.ENOBUFS || result == -LinuxCalls.ENOMEM;
  }

  /// On some ways nothing is cut apart: through IPsec, on a device that computes no checksums, or
  /// for datagrams that are longer than the way takes in one piece.
  private static boolean refusesToCut(int result) {
    return result == -LinuxCalls.EIO
        || result == -LinuxCalls.EINVAL
        || result == -LinuxCalls.EMSGSIZE;
  }

  /// An answer may have found no room in the error queue, so a message is refused at its second
  /// error at the earliest.
  private boolean isOfAnother(int result, int errorsInARow) {
    boolean cameBack = result != -LinuxCalls.EINTR && errors.take(calls, fd);
    return errorsInARow == 1 || (cameBack && errorsInARow < MOST_ERRORS);
  }
}
