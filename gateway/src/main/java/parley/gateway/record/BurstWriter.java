package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The writer's end of one recording: fills blocks, flushes them in time, survives a disk that
/// refuses. Confined to the writer thread.
final class BurstWriter {
  private static final int GAP_OCTETS = 40;
  private static final long LONGEST_PAUSE_NANOS = 2_000_000_000L;

  private final RecordingFile file;
  private final WriterCounters counters;
  private final RecorderEvents events;
  private final DiskAlarm alarm;
  private final long flushNanos;
  private final Losses diskLosses = new Losses();
  private long dueNanos;
  private long pauseNanos;
  private boolean failing;
  private long toldOctets;
  private long countedPackets;
  private long lostPackets;
  private boolean opened;
  private @Nullable Ending ending;

  private record Ending(String reason, String at) {}

  BurstWriter(
      RecordingFile file,
      WriterCounters counters,
      RecorderEvents events,
      DiskAlarm alarm,
      long flushNanos) {
    this.file = file;
    this.counters = counters;
    this.events = events;
    this.alarm = alarm;
    this.flushNanos = flushNanos;
  }

  /// Makes the file and puts the header on the device at once: without it nothing else can be read.
  void start(long nowNanos) {
    dueNanos = nowNanos + flushNanos;
    flush(nowNanos);
  }

  void record(int kind, long nanos, long index, ByteBuffer octets, long nowNanos) {
    switch (RecordType.of(kind)) {
      case GAP ->
          gap(
              new Entry.Gap(nanos, index, octets.getLong(), octets.getLong(), GapCause.QUEUE_FULL),
              nowNanos);
      case SRTP -> {
        if (makeRoom(nanos, octets.remaining(), nowNanos)) {
          file.srtp(nanos, index, octets);
        }
      }
      case SRTCP -> {
        if (makeRoom(nanos, octets.remaining(), nowNanos)) {
          file.srtcp(nanos, octets);
        }
      }
      case ANNOUNCEMENT -> {
        if (makeRoom(nanos, octets.remaining(), nowNanos)) {
          file.announcement(nanos, octets);
        }
      }
      case null, default -> throw new IllegalStateException("record of kind " + kind);
    }
  }

  /// Records what the loop could not.
  void gap(Entry.Gap gap, long nowNanos) {
    lostPackets += gap.packets();
    events.lost(file.header(), gap.packets(), gap.cause());
    if (file.hasRoom(GAP_OCTETS) || (!failing && flush(nowNanos))) {
      startClock(nowNanos);
      file.gap(gap);
    } else {
      diskLosses.add(gap);
    }
  }

  /// Notes that nothing more will come; [#tend] writes the end.
  void end(String reason, String at, long nowNanos) {
    ending = new Ending(reason, at);
    dueNanos = nowNanos;
  }

  /// Flushes what is due and closes what is over; true when this recording is done.
  boolean tend(long nowNanos) {
    if (ending != null && nowNanos - dueNanos >= 0) {
      return close(ending, nowNanos);
    }
    if (file.hasUnflushed() && nowNanos - dueNanos >= 0) {
      flush(nowNanos);
    }
    return false;
  }

  /// Closes at once, or gives up; for a burst that has ended.
  void closeNow(long nowNanos) {
    if (!close(Objects.requireNonNull(ending), nowNanos)) {
      giveUp();
    }
  }

  boolean isFailing() {
    return failing;
  }

  /// Makes the block ready for one more packet, flushing a full one; false counts the packet as
  /// lost.
  private boolean makeRoom(long nanos, int octets, long nowNanos) {
    int needed = octets + (diskLosses.isEmpty() ? 0 : GAP_OCTETS);
    if (!file.hasRoom(needed) && (failing || !flushFull(nowNanos))) {
      diskLosses.count(nanos, octets);
      lostPackets++;
      counters.lost(1, octets);
      return false;
    }
    startClock(nowNanos);
    if (!diskLosses.isEmpty()) {
      putDiskLosses();
    }
    return true;
  }

  private boolean flushFull(long nowNanos) {
    file.grow();
    return flush(nowNanos);
  }

  private void putDiskLosses() {
    events.lost(file.header(), diskLosses.packets(), GapCause.DISK_ERROR);
    file.gap(diskLosses.take(GapCause.DISK_ERROR));
  }

  /// The first record of a block decides when it is due.
  private void startClock(long nowNanos) {
    if (!failing && !file.hasUnflushed()) {
      dueNanos = nowNanos + flushNanos;
    }
  }

  private boolean flush(long nowNanos) {
    try {
      file.flush();
      succeeded();
      return true;
    } catch (IOException e) {
      failed(e, nowNanos);
      return false;
    } finally {
      countSafe();
    }
  }

  private boolean close(Ending why, long nowNanos) {
    try {
      if (!diskLosses.isEmpty()) {
        file.flush();
        succeeded();
        putDiskLosses();
      }
      file.close(why.reason, why.at);
      succeeded();
    } catch (IOException e) {
      failed(e, nowNanos);
      return false;
    } finally {
      countSafe();
    }
    counters.closed();
    events.closed(path(), file.header(), HexFormat.of().formatHex(file.chainHead()));
    return true;
  }

  /// Gives the recording up as it stands on the device.
  void giveUp() {
    file.abandon();
    RecordedCounts unwritten = file.inBlock();
    counters.lost(unwritten.packets(), 0);
    counters.unsealed();
    events.abandoned(file.header(), lostPackets + unwritten.packets());
  }

  private void failed(IOException e, long nowNanos) {
    pauseNanos = failing ? Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS) : flushNanos;
    dueNanos = nowNanos + pauseNanos;
    failing = true;
    counters.diskError();
    alarm.failed(e);
  }

  private void succeeded() {
    failing = false;
    alarm.succeeded();
    if (!opened) {
      opened = true;
      events.opened(path(), file.header());
    }
    Path gone = file.takeGone();
    if (gone != null) {
      counters.continued();
      events.continued(gone, path(), file.header());
    }
  }

  private void countSafe() {
    counters.recorded(file.totalPackets() - countedPackets);
    countedPackets = file.totalPackets();
    if (file.totalOctets() > toldOctets) {
      events.flushed(path(), file.totalOctets() - toldOctets);
      toldOctets = file.totalOctets();
    }
  }

  private Path path() {
    return Objects.requireNonNull(file.path());
  }
}
