package parley.gateway.media;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import parley.srtp.PacketBatch;
import parley.srtp.Verdict;

/// How long authentic packets stay on one loop: from the kernel's receipt, or from the read where
/// it is not told, until the kernel has taken the last copy.
///
/// A histogram of high dynamic range: from 10 us to 10 s six buckets in each decade, up to 1, 1.5,
/// 2, 3, 5 and 7, the same on every loop and host, so that all of them can be added up. It only
/// grows. The loop records, without a lock or an allocation; anyone reads.
public final class PacketLatency {
  private static final long[] BOUNDS_NANOS = boundsNanos();

  /// The first bucket that a value of so many bits may be in.
  private static final int[] FIRST_OF_BITS = firstOfBits();

  private final AtomicLongArray packets = new AtomicLongArray(BOUNDS_NANOS.length + 1);
  private final AtomicLongArray sumNanos = new AtomicLongArray(1);

  /// How many buckets have an upper bound; one more has none.
  public static int bounds() {
    return BOUNDS_NANOS.length;
  }

  /// The longest latency that a bucket holds.
  public static long boundNanos(int bucket) {
    return BOUNDS_NANOS[bucket];
  }

  private static long[] boundsNanos() {
    long[] steps = {10, 15, 20, 30, 50, 70};
    int decades = 6;
    long[] bounds = new long[decades * steps.length + 1];
    long unit = TimeUnit.MICROSECONDS.toNanos(1);
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = steps[i % steps.length] * unit;
      unit *= i % steps.length == steps.length - 1 ? 10 : 1;
    }
    return bounds;
  }

  private static int[] firstOfBits() {
    int[] first = new int[Long.SIZE];
    for (int bits = 1; bits < first.length; bits++) {
      int bucket = first[bits - 1];
      while (bucket < BOUNDS_NANOS.length && BOUNDS_NANOS[bucket] < 1L << (bits - 1)) {
        bucket++;
      }
      first[bits] = bucket;
    }
    return first;
  }

  /// On the loop, once everything of the batch has been sent.
  void record(ReceivedBatch batch, long unixNanos) {
    PacketBatch sealed = batch.packets();
    for (int slot = 0; slot < sealed.size(); slot++) {
      if (sealed.verdict(slot) == Verdict.ACCEPTED) {
        record(unixNanos - batch.receivedUnixNanos(slot));
      }
    }
  }

  /// The same for one packet. A clock that was set back has negative ones: they count as 0.
  public void record(long nanos) {
    long latency = Math.max(0, nanos);
    GroupCounters.add(packets, bucket(latency), 1);
    GroupCounters.add(sumNanos, 0, latency);
  }

  private static int bucket(long nanos) {
    int bucket = FIRST_OF_BITS[Long.SIZE - Long.numberOfLeadingZeros(nanos)];
    while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /// Packets of this bucket alone; the last is [#bounds].
  public long packets(int bucket) {
    return packets.getOpaque(bucket);
  }

  /// The sum over all packets. It need not be of the same moment as their count.
  public long sumNanos() {
    return sumNanos.getOpaque(0);
  }
}
