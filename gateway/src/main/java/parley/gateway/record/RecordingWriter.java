package parley.gateway.record;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/// The one thread that writes recordings: drains every lane, flushes what is due.
///
/// It looks by itself every 20 ms, or more often where blocks are flushed so, and a packet costs
/// its loop no wake-up; beginnings and ends wake it, and a queue that is half full.
final class RecordingWriter implements Runnable {
  private static final long LOOK_NANOS = 20_000_000;
  private static final int LOOKS_FOR_EACH_FLUSH = 8;
  private static final long ASK_FREE_NANOS = 5_000_000_000L;

  /// Bursts that are over and wait for the disk; with more, the oldest is given up.
  private static final int MOST_CLOSING = 256;

  private final RecordingStorage storage;
  private final RecorderSettings settings;
  private final RecorderEvents events;
  private final InstantSource clock;
  private final WriterCounters counters;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final IntObjectMap<BurstWriter> open = new IntObjectHashMap<>();
  private final List<BurstWriter> closing = new ArrayList<>();
  private final List<Lane.Control.Ended> ended = new ArrayList<>();
  private final DiskAlarm alarm;
  private final PacketRing.Reader reader = this::record;
  private final long lookNanos;
  private final long flushNanos;
  private long askFreeNanos = System.nanoTime();
  private long drainedNanos;
  private volatile boolean stopping;

  RecordingWriter(
      RecordingStorage storage,
      RecorderSettings settings,
      RecorderEvents events,
      InstantSource clock,
      WriterCounters counters) {
    this.storage = storage;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
    this.counters = counters;
    long flushEvery = settings.flushEvery().toNanos();
    this.lookNanos = Math.min(LOOK_NANOS, flushEvery / LOOKS_FOR_EACH_FLUSH);
    // a packet may have waited for one look, and its block, once due, waits for another
    this.flushNanos = flushEvery - 2 * lookNanos;
    this.alarm = new DiskAlarm(events, settings.warnBelowOctets(), this::lostPackets);
  }

  /// By full queue or disk, all bursts together; any thread.
  long lostPackets() {
    long lost = counters.lostPackets.get();
    for (Lane lane : lanes) {
      lost += lane.lostPackets();
    }
    return lost;
  }

  void add(Lane lane) {
    lanes.add(lane);
  }

  List<Lane> lanes() {
    return lanes;
  }

  void stop() {
    stopping = true;
  }

  @Override
  public void run() {
    boolean last;
    do {
      last = stopping;
      lanes.forEach(this::drain);
      tend();
      if (!last) {
        LockSupport.parkNanos(this, lookNanos);
      }
    } while (!last);
    closeAll();
  }

  /// The limit is taken before the beginnings are read: whoever put a packet before the limit put
  /// its burst's beginning before that.
  private void drain(Lane lane) {
    long limit = lane.ring.published();
    Lane.Control control = lane.controls.peek();
    while (control != null && isBefore(control, limit)) {
      switch (lane.controls.remove()) {
        case Lane.Control.Started started -> begin(started);
        case Lane.Control.Ended end -> ended.add(end);
      }
      control = lane.controls.peek();
    }
    drainedNanos = System.nanoTime();
    lane.ring.drain(limit, reader);
    ended.forEach(this::end);
    ended.clear();
  }

  private void record(int recording, int kind, long nanos, long index, ByteBuffer octets) {
    BurstWriter writer = open.get(recording);
    if (writer != null) {
      writer.record(kind, nanos, index, octets, drainedNanos);
    }
  }

  private static boolean isBefore(Lane.Control control, long limit) {
    return switch (control) {
      case Lane.Control.Started _ -> true;
      case Lane.Control.Ended ended -> ended.position() <= limit;
    };
  }

  private void begin(Lane.Control.Started started) {
    var file = new RecordingFile(started.header(), storage, settings.blockOctets());
    var writer = new BurstWriter(file, counters, events, alarm, flushNanos);
    open.put(started.recording(), writer);
    counters.openRecordings.set(open.size() + closing.size());
    writer.start(System.nanoTime());
  }

  private void end(Lane.Control.Ended ended) {
    BurstWriter writer = open.remove(ended.recording());
    if (writer != null) {
      if (ended.unwritten() != null) {
        writer.gap(ended.unwritten(), System.nanoTime());
      }
      writer.end(ended.reason(), ended.at().toString(), System.nanoTime());
      closing.add(writer);
      if (closing.size() > MOST_CLOSING) {
        closing.removeFirst().giveUp();
      }
    }
  }

  private void tend() {
    long now = System.nanoTime();
    askFree(now);
    int failing = 0;
    for (BurstWriter writer : open.values()) {
      writer.tend(now);
      failing += writer.isFailing() ? 1 : 0;
    }
    for (Iterator<BurstWriter> each = closing.iterator(); each.hasNext(); ) {
      BurstWriter writer = each.next();
      if (writer.tend(now)) {
        each.remove();
      } else {
        failing += writer.isFailing() ? 1 : 0;
      }
    }
    alarm.judge(failing);
    counters.failingRecordings.set(failing);
    counters.openRecordings.set(open.size() + closing.size());
  }

  private void askFree(long now) {
    if (now - askFreeNanos < 0) {
      return;
    }
    askFreeNanos = now + ASK_FREE_NANOS;
    OptionalLong free;
    try {
      free = storage.freeOctets();
    } catch (IOException _) {
      free = OptionalLong.empty(); // writing will tell why
    }
    counters.freeOctets.set(free.orElse(-1));
    alarm.free(free);
  }

  /// One last attempt for each; nothing waits for a disk that refuses.
  private void closeAll() {
    String at = clock.instant().toString();
    long now = System.nanoTime();
    for (BurstWriter writer : open.values()) {
      writer.end("CLOSED", at, now);
      closing.add(writer);
    }
    open.clear();
    closing.forEach(writer -> writer.closeNow(now));
    closing.clear();
    counters.openRecordings.set(0);
  }
}
