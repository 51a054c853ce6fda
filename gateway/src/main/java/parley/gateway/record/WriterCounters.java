package parley.gateway.record;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What the writer thread counts, for [RecorderStatus]; read by any thread.
final class WriterCounters {
  final AtomicLong recordedPackets = new AtomicLong();
  final AtomicLong lostPackets = new AtomicLong();
  final AtomicLong lostOctets = new AtomicLong();
  final AtomicLong diskErrors = new AtomicLong();
  final AtomicLong closedRecordings = new AtomicLong();
  final AtomicLong unsealedRecordings = new AtomicLong();
  final AtomicLong continuations = new AtomicLong();

  /// -1 before it was asked, and where nobody can tell.
  final AtomicLong freeOctets = new AtomicLong(-1);

  final AtomicInteger openRecordings = new AtomicInteger();
  final AtomicInteger failingRecordings = new AtomicInteger();

  void recorded(long packets) {
    recordedPackets.addAndGet(packets);
  }

  void lost(long packets, long octets) {
    lostPackets.addAndGet(packets);
    lostOctets.addAndGet(octets);
  }

  void diskError() {
    diskErrors.incrementAndGet();
  }

  void closed() {
    closedRecordings.incrementAndGet();
  }

  void continued() {
    continuations.incrementAndGet();
  }

  void unsealed() {
    unsealedRecordings.incrementAndGet();
  }
}
