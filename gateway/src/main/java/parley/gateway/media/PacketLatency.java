package parley.gateway.media;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;
import parley.srtp.Verdict;

/// How long authentic packets stay on one loop: from the kernel's receipt, or from the read where
/// it is not told, until the kernel has taken the last copy.
///
/// The loop records, without a lock or an allocation; one other thread reads.
public final class PacketLatency {
  private static final long LOWEST_NANOS = 1_000;
  private static final long HIGHEST_NANOS = 10_000_000_000L;
  private static final int DIGITS = 2;

  private final SingleWriterRecorder recorder =
      new SingleWriterRecorder(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
  private @Nullable Histogram interval;

  /// On the loop, once everything of the batch has been sent.
  void record(ReceivedBatch batch, long unixNanos) {
    PacketBatch packets = batch.packets();
    for (int slot = 0; slot < packets.size(); slot++) {
      if (packets.verdict(slot) == Verdict.ACCEPTED) {
        long nanos = unixNanos - batch.receivedUnixNanos(slot);
        recorder.recordValue(Math.clamp(nanos, LOWEST_NANOS, HIGHEST_NANOS));
      }
    }
  }

  /// What was recorded since the last call, in nanoseconds; the next call overwrites it.
  public Histogram interval() {
    Histogram read = recorder.getIntervalHistogram(interval);
    interval = read;
    return read;
  }
}
