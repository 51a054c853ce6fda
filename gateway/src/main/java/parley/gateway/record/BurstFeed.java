package parley.gateway.record;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// The loop's end of one recording: puts packets into the lane and counts those that find no room.
///
/// Confined to the event loop that owns the burst's group. Never blocks; a packet allocates
/// nothing.
final class BurstFeed {
  private final int recording;
  private final Lane lane;
  private final Instant startedAt;
  private final Losses losses = new Losses();
  private byte @Nullable [] firstAnnouncement;

  /// @param firstAnnouncement what started the burst; recorded before everything else, with its
  ///   receive time where [#announcement] tells it
  BurstFeed(int recording, Lane lane, byte[] firstAnnouncement, Instant startedAt) {
    this.recording = recording;
    this.lane = lane;
    this.firstAnnouncement = firstAnnouncement;
    this.startedAt = startedAt;
  }

  void announcement(byte[] octets, long nanos) {
    if (Arrays.equals(octets, firstAnnouncement)) {
      firstAnnouncement = null;
    } else {
      putFirst();
    }
    offerAnnouncement(octets, nanos);
  }

  void srtp(PacketBatch sealed, int slot, long index, long nanos) {
    putFirst();
    offer(RecordType.SRTP, nanos, index, sealed.memory(), sealed.offset(slot), sealed.length(slot));
  }

  void srtcp(PacketBatch sealed, int slot, long nanos) {
    putFirst();
    offer(RecordType.SRTCP, nanos, 0, sealed.memory(), sealed.offset(slot), sealed.length(slot));
  }

  void ended(String reason, Instant at) {
    putFirst();
    Entry.Gap gap = losses.isEmpty() ? null : losses.take(GapCause.QUEUE_FULL);
    lane.controls.add(new Lane.Control.Ended(recording, reason, at, lane.ring.position(), gap));
  }

  private void putFirst() {
    if (firstAnnouncement != null) {
      offerAnnouncement(firstAnnouncement, nanos(startedAt));
      firstAnnouncement = null;
    }
  }

  static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }

  private void offerAnnouncement(byte[] octets, long nanos) {
    offer(RecordType.ANNOUNCEMENT, nanos, 0, MemorySegment.ofArray(octets), 0, octets.length);
  }

  private void offer(
      RecordType type, long nanos, long index, MemorySegment from, long offset, int octets) {
    boolean recorded =
        putGap(octets)
            && lane.ring.offer(recording, type.number(), nanos, index, from, offset, octets);
    if (!recorded) {
      losses.count(nanos, octets);
      lane.countLoss(octets);
    }
    lane.wakeInTime();
  }

  /// A gap comes before what follows it, and only together with it: one row of losses is one gap.
  private boolean putGap(int following) {
    if (losses.isEmpty()) {
      return true;
    }
    boolean put =
        lane.ring.hasRoomForTwo(Math.max(following, 2 * Long.BYTES))
            && lane.ring.offerNumbers(
                recording,
                RecordType.GAP.number(),
                losses.firstNanos(),
                losses.lastNanos(),
                losses.packets(),
                losses.octets());
    if (put) {
      losses.clear();
    }
    return put;
  }
}
