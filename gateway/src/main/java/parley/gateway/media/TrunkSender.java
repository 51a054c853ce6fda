package parley.gateway.media;

import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.srtp.PacketBatch;

/// Sends the frames of a trunk by one descriptor, runs of them as one message each. A run that the
/// kernel or the device cannot cut is laid out again, frame by frame.
final class TrunkSender extends DatagramSender {
  private static final Logger LOG = LoggerFactory.getLogger(TrunkSender.class);

  /// A run of longer frames is refused because the path carries them in pieces only; one of shorter
  /// frames, because runs are.
  private static final int EVERY_PATH_OCTETS = 1200;

  private final TrunkRuns runs;
  private final TrunkCounters counters;

  TrunkSender(
      LinuxCalls calls,
      int fd,
      SocketName receiver,
      BatchErrors errors,
      SendLosses losses,
      TrunkCounters counters) {
    super(calls, fd, errors, losses);
    this.runs = new TrunkRuns(receiver);
    this.counters = counters;
    if (!calls.hasOption(fd, ControlMessages.SOL_UDP, ControlMessages.UDP_SEGMENT)) {
      noRuns("this kernel has no UDP_SEGMENT", 0);
    }
  }

  boolean isEmpty() {
    return runs.size() == 0;
  }

  @Override
  void queue(PacketBatch batch, int slot, Destination to) {
    makeRoom(batch.length(slot));
    errors.mayComeBack(to);
    runs.add(batch.memory(), batch.offset(slot), batch.length(slot), to);
  }

  @Override
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

  @Override
  void flush() {
    flush(runs);
  }

  @Override
  void sent(Outbox from, int first, int end) {
    super.sent(from, first, end);
    counters.carried(runs.firstFrame(end) - runs.firstFrame(first), end - first);
  }

  @Override
  int cutOtherwise(Outbox from, int run, int errno) {
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
    return run;
  }

  private void noRuns(String why, int fromRun) {
    runs.runsOfAtMost(0, fromRun);
    LOG.atWarn()
        .addKeyValue("trunk", counters.name())
        .log("this trunk sends its packets one by one, which costs more: {}", why);
  }
}
