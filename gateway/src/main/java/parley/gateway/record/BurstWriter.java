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
  /// After that many failures in a row a burst that is over is given up.
  private static final int CLOSE_ATTEMPTS = 40;

  private static final int GAP_OCTETS = 40;

  private final RecordingFile file;
  private final WriterCounters counters;
  private final RecorderEvents events;
  private final long flushNanos;
  private final Losses diskLosses = new Losses();
  private long dueNanos;
  private int failures;
  private long unflushedPackets;
  private long srtpPackets;
  private long srtpOctets;
  private long srtcpPackets;
  private long announcements;
  private long lostPackets;
  private boolean opened;
  private Entry.@Nullable End end;

  BurstWriter(RecordingFile file, WriterCounters counters, RecorderEvents events, long flushNanos) {
    this.file = file;
    this.counters = counters;
    this.events = events;
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
              new Entry.Gap(
                  nanos, index, octets.getLong(0), octets.getLong(8), GapCause.QUEUE_FULL),
              nowNanos);
      case SRTP -> {
        if (makeRoom(nanos, octets.remaining(), nowNanos)) {
          srtpPackets++;
          srtpOctets += octets.remaining();
          file.srtp(nanos, index, octets);
        }
      }
      case SRTCP -> {
        if (makeRoom(nanos, octets.remaining(), nowNanos)) {
          srtcpPackets++;
          file.srtcp(nanos, octets);
        }
      }
      case ANNOUNCEMENT -> {
        if (makeRoom(nanos, octets.remaining(), nowNanos)) {
          announcements++;
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
    if (file.hasRoom(GAP_OCTETS) || (failures == 0 && flush(nowNanos))) {
      startClock(nowNanos);
      file.gap(gap);
    } else {
      diskLosses.add(gap);
    }
  }

  /// Notes that nothing more will come; [#tend] writes the end.
  void end(String reason, String at, long nowNanos) {
    end =
        new Entry.End(
            reason, at, srtpPackets, srtpOctets, srtcpPackets, announcements, lostPackets);
    dueNanos = nowNanos;
  }

  /// Flushes what is due and closes what is over; true when this recording is done.
  boolean tend(long nowNanos) {
    if (end != null && nowNanos - dueNanos >= 0) {
      return close(nowNanos);
    }
    if (file.hasUnflushed() && nowNanos - dueNanos >= 0) {
      flush(nowNanos);
    }
    return false;
  }

  /// Closes at once, or gives up.
  void closeNow(long nowNanos) {
    if (!close(nowNanos)) {
      abandon();
    }
  }

  boolean isFailing() {
    return failures > 0;
  }

  /// Makes the block ready for one more packet, flushing a full one; false counts the packet as
  /// lost.
  private boolean makeRoom(long nanos, int octets, long nowNanos) {
    int needed = octets + (diskLosses.isEmpty() ? 0 : GAP_OCTETS);
    if (!file.hasRoom(needed) && (failures > 0 || !flush(nowNanos))) {
      diskLosses.count(nanos, octets);
      lostPackets++;
      counters.lost(1, octets);
      return false;
    }
    startClock(nowNanos);
    if (!diskLosses.isEmpty()) {
      putDiskLosses();
    }
    unflushedPackets++;
    return true;
  }

  private void putDiskLosses() {
    events.lost(file.header(), diskLosses.packets(), GapCause.DISK_ERROR);
    file.gap(diskLosses.take(GapCause.DISK_ERROR));
  }

  /// The first record of a block decides when it is due.
  private void startClock(long nowNanos) {
    if (!file.hasUnflushed()) {
      dueNanos = nowNanos + flushNanos;
    }
  }

  private boolean flush(long nowNanos) {
    long before = file.safeOctets();
    try {
      file.flush();
    } catch (IOException e) {
      failed(e, nowNanos);
      return false;
    }
    succeeded(before);
    return true;
  }

  private boolean close(long nowNanos) {
    long before = file.safeOctets();
    try {
      if (!diskLosses.isEmpty()) {
        file.flush();
        putDiskLosses();
      }
      file.close(Objects.requireNonNull(end));
    } catch (IOException e) {
      failed(e, nowNanos);
      return failures >= CLOSE_ATTEMPTS && abandon();
    }
    succeeded(before);
    counters.closed();
    events.closed(path(), file.header(), HexFormat.of().formatHex(file.chainHead()));
    return true;
  }

  /// Gives the recording up as it stands on the device.
  private boolean abandon() {
    file.abandon();
    counters.lost(unflushedPackets, 0);
    counters.unsealed();
    events.abandoned(file.header(), lostPackets + unflushedPackets);
    return true;
  }

  private void failed(IOException e, long nowNanos) {
    dueNanos = nowNanos + flushNanos;
    counters.diskError();
    if (failures++ == 0) {
      events.diskFailed(
          file.header(),
          "%s; free space or correct the directory, writing is tried again".formatted(e));
    }
  }

  private void succeeded(long octetsBefore) {
    counters.recorded(unflushedPackets);
    unflushedPackets = 0;
    if (!opened) {
      opened = true;
      events.opened(path(), file.header());
    }
    events.flushed(path(), file.safeOctets() - octetsBefore);
    if (failures > 0) {
      failures = 0;
      events.diskRecovered(path(), file.header());
    }
  }

  private Path path() {
    return Objects.requireNonNull(file.path());
  }
}
