package parley.gateway.media;

import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.srtp.PacketBatch;

/// Sends the frames of a trunk by one descriptor, runs of them as one message each. Confined to the
/// loop; allocates nothing.
///
/// Errors are told of the first message that was not sent, as [BatchSender] says. A run that the
/// kernel or the device cannot cut is laid out again, frame by frame.
final class TrunkSender {
  private static final Logger LOG = LoggerFactory.getLogger(TrunkSender.class);

  /// Of one message, after which it is given up however much comes back of others.
  private static final int MOST_ERRORS = 16;

  /// A run of longer frames is refused because the path carries them in pieces only; one of shorter
  /// frames, because runs are.
  private static final int EVERY_PATH_OCTETS = 1200;

  private final LinuxCalls calls;
  private final int fd;
  private final TrunkRuns runs;
  private final BatchErrors errors;
  private final SendLosses losses;
  private final TrunkCounters counters;

  TrunkSender(
      LinuxCalls calls,
      int fd,
      SocketName receiver,
      BatchErrors errors,
      SendLosses losses,
      TrunkCounters counters) {
    this.calls = calls;
    this.fd = fd;
    this.runs = new TrunkRuns(receiver);
    this.errors = errors;
    this.losses = losses;
    this.counters = counters;
    if (!calls.hasOption(fd, ControlMessages.SOL_UDP, ControlMessages.UDP_SEGMENT)) {
      noRuns("this kernel has no UDP_SEGMENT", 0);
    }
  }

  boolean isEmpty() {
    return runs.runs() == 0;
  }

  /// The octets are copied.
  void queue(PacketBatch batch, int slot, Destination to) {
    makeRoom(batch.length(slot));
    errors.mayComeBack(to);
    runs.add(batch.memory(), batch.offset(slot), batch.length(slot), to);
  }

  /// The octets are copied.
  void queue(ByteBuffer octets, Destination to) {
    makeRoom(octets.remaining());
    errors.mayComeBack(to);
    runs.add(octets, to);
  }

  private void makeRoom(int octets) {
    if (!runs.hasRoom(octets)) {
      flush();
    }
  }

  /// Lets go of all: sent, or dropped and counted.
  void flush() {
    int next = 0;
    int errorsInARow = 0;
    while (next < runs.runs()) {
      int result = calls.send(fd, runs.address(next), runs.runs() - next);
      if (result > 0) {
        sent(next, next + result);
        next += result;
        errorsInARow = 0;
      } else if (result == -LinuxCalls.EAGAIN) {
        full(next, runs.runs());
        break;
      } else if (result == -LinuxCalls.ENOBUFS || result == -LinuxCalls.ENOMEM) {
        full(next, ++next);
        errorsInARow = 0;
      } else if (runs.isOfMany(next) && isAboutRuns(result)) {
        refusedRun(next, -result);
      } else if (!isOfAnother(result, ++errorsInARow)) {
        refused(next++, -result);
        errorsInARow = 0;
      }
    }
    runs.clear();
  }

  private void sent(int fromRun, int toRun) {
    int first = runs.firstFrame(fromRun);
    int end = runs.firstFrame(toRun);
    for (int frame = first; frame < end; frame++) {
      losses.sent(runs.to(frame).leg());
    }
    counters.carried(end - first, toRun - fromRun);
  }

  private void full(int fromRun, int toRun) {
    for (int frame = runs.firstFrame(fromRun); frame < runs.firstFrame(toRun); frame++) {
      losses.full(runs.to(frame).leg(), 1);
    }
  }

  private void refused(int run, int errno) {
    for (int frame = runs.firstFrame(run); frame < runs.firstFrame(run + 1); frame++) {
      losses.refused(runs.to(frame), errno, 1);
    }
  }

  private static boolean isAboutRuns(int result) {
    return result == -LinuxCalls.EINVAL
        || result == -LinuxCalls.EIO
        || result == -LinuxCalls.EMSGSIZE;
  }

  private void refusedRun(int run, int errno) {
    int octets = runs.octetsEach(run);
    if (errno != LinuxCalls.EIO && octets > EVERY_PATH_OCTETS) {
      runs.runsOfAtMost(octets - 1, run);
      LOG.atDebug()
          .addKeyValue("trunk", counters.name())
          .addKeyValue("octets", octets)
          .log("frames of this length go one by one: the path carries them in pieces");
    } else {
      noRuns("error " + errno, run);
    }
  }

  private void noRuns(String why, int fromRun) {
    runs.runsOfAtMost(0, fromRun);
    LOG.atWarn()
        .addKeyValue("trunk", counters.name())
        .log("this trunk sends its packets one by one, which costs more: {}", why);
  }

  /// An answer may have found no room in the error queue, so a message is refused at its second
  /// error at the earliest.
  private boolean isOfAnother(int result, int errorsInARow) {
    boolean cameBack = result != -LinuxCalls.EINTR && errors.take(calls, fd);
    return errorsInARow == 1 || (cameBack && errorsInARow < MOST_ERRORS);
  }
}
