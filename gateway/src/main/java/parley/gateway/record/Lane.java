package parley.gateway.record;

import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The way from one event loop to the writer: packets through a ring, beginnings and ends of bursts
/// through a queue beside it, so that a full ring never loses an end.
final class Lane {
  sealed interface Control {
    record Started(int recording, RecordingHeader header) implements Control {}

    /// @param position of the ring behind the burst's last packet
    /// @param unwritten what was lost since the last gap record, null for nothing
    record Ended(
        int recording, String reason, Instant at, long position, Entry.@Nullable Gap unwritten)
        implements Control {}
  }

  final PacketRing ring;
  final Queue<Control> controls = new ConcurrentLinkedQueue<>();
  private final AtomicLong lostPackets = new AtomicLong();
  private final AtomicLong lostOctets = new AtomicLong();
  private final Thread writer;
  private boolean isWriterAsked;

  /// @param writer who drains this, to be woken in time
  Lane(int queueOctets, Thread writer) {
    ring = new PacketRing(queueOctets);
    this.writer = writer;
  }

  /// Wakes the writer when the ring is half full, once; on the loop.
  void wakeInTime() {
    boolean isHalfFull = ring.isHalfFull();
    if (isHalfFull && !isWriterAsked) {
      LockSupport.unpark(writer);
    }
    isWriterAsked = isHalfFull;
  }

  /// On the loop, its only writer.
  void countLoss(int octets) {
    lostPackets.setOpaque(lostPackets.getPlain() + 1);
    lostOctets.setOpaque(lostOctets.getPlain() + octets);
  }

  long lostPackets() {
    return lostPackets.getOpaque();
  }

  long lostOctets() {
    return lostOctets.getOpaque();
  }
}
