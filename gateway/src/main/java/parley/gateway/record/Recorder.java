package parley.gateway.record;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.media.Burst;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.MediaTap;
import parley.gateway.media.Stream;
import parley.mikey.identity.Identity;
import parley.srtp.PacketBatch;

/// Records every burst that has a wrapped GSK into a file of its own.
///
/// The event loops call, one thread writes. A call never waits and a packet allocates nothing: what
/// the queue cannot take is counted, and the file says how many packets are missing and when. A
/// disk that refuses costs recordings, never media.
///
/// Any number of loops may feed one recorder, each through a queue of its own, as long as all calls
/// for one burst come from one thread.
public final class Recorder implements MediaTap, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final Duration MOST_CLOSING = Duration.ofSeconds(30);

  /// A disk that takes longer for one write is an alarm.
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Identity gateway;
  private final RecorderSettings settings;
  private final InstantSource clock;
  private final WatchedStorage disk;
  private final RecordingWriter writer;
  private final StallWatch watch;
  private final WriterCounters counters = new WriterCounters();
  private final Thread thread;
  private final Map<Thread, Lane> lanes = new ConcurrentHashMap<>();
  private final Map<Burst, BurstFeed> feeds = new ConcurrentHashMap<>();
  private final AtomicInteger recordings = new AtomicInteger();

  /// Starts the writer. Nothing touches the disk before the first burst.
  ///
  /// @param gateway who records, for the headers
  public Recorder(
      Path directory, Identity gateway, RecorderSettings settings, InstantSource clock) {
    this(directory, gateway, settings, clock, RecorderEvents.logging());
  }

  /// @param events told on the writer's thread
  public Recorder(
      Path directory,
      Identity gateway,
      RecorderSettings settings,
      InstantSource clock,
      RecorderEvents events) {
    this(new RecordingDirectory(directory), gateway, settings, clock, events);
  }

  Recorder(
      RecordingStorage storage,
      Identity gateway,
      RecorderSettings settings,
      InstantSource clock,
      RecorderEvents events) {
    this.gateway = gateway;
    this.settings = settings;
    this.clock = clock;
    this.disk = new WatchedStorage(storage);
    this.writer = new RecordingWriter(disk, settings, events, clock, counters);
    this.thread =
        Thread.ofPlatform()
            .name("recorder")
            .daemon()
            .uncaughtExceptionHandler((_, e) -> LOG.error("the recorder has stopped", e))
            .start(writer);
    this.watch = new StallWatch(disk, PATIENCE.toNanos(), events, writer::lostPackets);
    Thread.ofPlatform().name("recorder-watch").daemon().start(watch);
  }

  @Override
  public void burstStarted(Burst burst) {
    byte[] wrappedGsk = burst.wrappedGsk();
    if (wrappedGsk == null) {
      return; // without the key a recording could never be read
    }
    RecordingHeader header = BurstHeader.of(burst, wrappedGsk, gateway, settings.payloadTypes());
    Lane lane = lanes.computeIfAbsent(Thread.currentThread(), _ -> newLane());
    int recording = recordings.incrementAndGet();
    lane.controls.add(new Lane.Control.Started(recording, header));
    byte[] announcement = burst.announcement().octets();
    feeds.put(burst, new BurstFeed(recording, lane, announcement, burst.startedAt()));
    LockSupport.unpark(thread);
  }

  @Override
  public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {
    BurstFeed feed = feeds.get(burst);
    if (feed != null) {
      feed.announcement(octets, receivedUnixNanos);
    }
  }

  @Override
  public void packet(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    BurstFeed feed = feeds.get(burst);
    if (feed != null) {
      feed.srtp(sealed, slot, plain.packetIndex(slot), receivedUnixNanos);
    }
  }

  @Override
  public void rtcp(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    BurstFeed feed = feeds.get(burst);
    if (feed != null) {
      feed.srtcp(sealed, slot, receivedUnixNanos);
    }
  }

  @Override
  public void burstEnded(Burst burst, BurstEnd why) {
    @Nullable BurstFeed feed = feeds.remove(burst);
    if (feed != null) {
      feed.ended(why.name(), clock.instant());
      LockSupport.unpark(thread);
    }
  }

  /// Queue, losses and disk as they are now; any thread.
  public RecorderStatus status() {
    long queued = 0;
    long lostOctets = counters.lostOctets.get();
    for (Lane lane : writer.lanes()) {
      queued += lane.ring.queuedOctets();
      lostOctets += lane.lostOctets();
    }
    return new RecorderStatus(
        queued,
        (long) writer.lanes().size() * settings.queueOctets(),
        counters.openRecordings.get(),
        counters.failingRecordings.get(),
        counters.closedRecordings.get(),
        counters.unsealedRecordings.get(),
        counters.recordedPackets.get(),
        writer.lostPackets(),
        lostOctets,
        counters.diskErrors.get(),
        counters.continuations.get(),
        disk.waitingNanos(),
        counters.freeOctets.get());
  }

  /// Writes what is queued, ends open recordings as `CLOSED` and stops. The loops must have stopped
  /// calling.
  @Override
  public void close() {
    writer.stop();
    LockSupport.unpark(thread);
    try {
      if (!thread.join(MOST_CLOSING)) {
        LOG.error("the disk did not take the last recordings within {}", MOST_CLOSING);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    watch.close();
  }

  private Lane newLane() {
    var lane = new Lane(settings.queueOctets(), thread);
    writer.add(lane);
    return lane;
  }
}
