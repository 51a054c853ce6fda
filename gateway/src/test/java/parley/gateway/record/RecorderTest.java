package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.record.TestTalk.Sealed;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;

@Timeout(60)
class RecorderTest {
  private static final RecorderSettings SMALL =
      new RecorderSettings(4096, 1024, Duration.ofMillis(20), 0, PayloadTypes.defaults());

  @TempDir Path directory;
  private Vault vault;
  private RecordingKey key;
  private final ToldEvents told = new ToldEvents();

  @BeforeEach
  void openVault() throws Exception {
    vault = TestTalk.vault(directory);
    key = vault.recordingKey();
  }

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @Test
  void fullQueueLosesCountedPacketsAndTheFileSaysHowManyAndWhen() throws Exception {
    var talk = new TestTalk(key, 1);
    var disk = new StoppableDisk(new RecordingDirectory(directory));
    Recorder recorder = recorder(disk, SMALL);
    talk.start(recorder);
    disk.awaitWriter();
    for (int i = 0; i < 200; i++) {
      talk.give(recorder, packet(talk, i));
    }
    long lost = recorder.status().lostPackets();
    assertThat(lost).isBetween(100L, 199L);
    disk.release();
    told.next("flushed");
    talk.end(recorder);
    recorder.close();

    RecordingSummary summary = RecordingSummary.read(RecordingDirectory.list(directory).getFirst());
    assertThat(summary.lostPackets()).isEqualTo(lost);
    assertThat(summary.srtpPackets() + lost).isEqualTo(200);
    assertThat(summary.integrity().state()).isEqualTo(Integrity.State.CLOSED);
    assertThat(summary.integrity().damages()).isEmpty();
    Entry.Gap gap = gaps(summary.file()).getFirst();
    assertThat(gap.cause()).isEqualTo(GapCause.QUEUE_FULL);
    assertThat(gap.firstNanos()).isEqualTo(TestTalk.nanos((200 - lost) * 20));
    assertThat(gap.lastNanos()).isEqualTo(TestTalk.nanos(3980));
  }

  @Test
  void diskThatRefusesIsAnAlarmAndWritingGoesOnWhereItStopped() throws Exception {
    var talk = new TestTalk(key, 1);
    var disk = new FailingStorage(new RecordingDirectory(directory));
    Recorder recorder = recorder(disk, SMALL);
    talk.start(recorder);
    told.next("opened");
    disk.failing.set(true);
    talk.give(recorder, packet(talk, 0));
    told.next("diskFailed");
    for (int i = 1; i < 20; i++) {
      talk.give(recorder, packet(talk, i));
    }
    told.next("retried");
    disk.failing.set(false);
    told.next("diskRecovered");
    talk.end(recorder);
    told.next("closed");
    RecorderStatus status = recorder.status();
    recorder.close();

    RecordingSummary summary = RecordingSummary.read(RecordingDirectory.list(directory).getFirst());
    assertThat(summary.integrity().damages()).isEmpty();
    assertThat(summary.integrity().state()).isEqualTo(Integrity.State.CLOSED);
    assertThat(summary.srtpPackets() + summary.lostPackets()).isEqualTo(20);
    assertThat(status.diskErrors()).isPositive();
    assertThat(status.lostPackets()).isEqualTo(summary.lostPackets());
    assertThat(RecordingExport.payloads(summary.file(), key)).hasSize((int) summary.srtpPackets());
  }

  @Test
  void diskThatCannotMakeTheFileIsTriedAgain() throws Exception {
    var talk = new TestTalk(key, 1);
    var disk = new FailingStorage(new RecordingDirectory(directory));
    disk.failing.set(true);
    Recorder recorder = recorder(disk, RecorderSettings.defaults());
    talk.start(recorder);
    talk.give(recorder, packet(talk, 0));
    told.next("diskFailed");
    assertThat(recorder.status().recordedPackets()).isZero();
    disk.failing.set(false);
    told.next("diskRecovered");
    talk.end(recorder);
    recorder.close();

    assertThat(RecordingExport.payloads(RecordingDirectory.list(directory).getFirst(), key))
        .hasSize(1);
  }

  @Test
  void packetsAreOnTheDiskWithinTheTimeBoundWithoutAnEnd() throws Exception {
    var talk = new TestTalk(key, 1);
    Recorder recorder = recorder(new RecordingDirectory(directory), SMALL);
    talk.start(recorder);
    told.next("opened");
    talk.give(recorder, packet(talk, 0));
    told.next("flushed");
    RecordingSummary summary;
    do {
      summary = RecordingSummary.read(RecordingDirectory.list(directory).getFirst());
    } while (summary.srtpPackets() == 0 && told.next("flushed") != null);

    assertThat(summary.integrity().state()).isEqualTo(Integrity.State.UNCLOSED);
    assertThat(summary.announcements()).isEqualTo(1);
    recorder.close();
    summary = RecordingSummary.read(summary.file());
    assertThat(summary.endReason()).contains("CLOSED");
  }

  @Test
  void severalLoopsFeedOneRecorder() throws Exception {
    var settings = RecorderSettings.defaults();
    Recorder recorder = recorder(new RecordingDirectory(directory), settings);
    var loops = new ArrayList<Thread>();
    for (int loop = 0; loop < 4; loop++) {
      var talk = new TestTalk(key, 1);
      var packets = new ArrayList<Sealed>();
      for (int i = 0; i < 500; i++) {
        packets.add(packet(talk, i));
      }
      loops.add(
          Thread.ofPlatform()
              .start(() -> {
                talk.start(recorder);
                packets.forEach(packet -> talk.give(recorder, packet));
                talk.end(recorder);
              }));
    }
    for (Thread loop : loops) {
      loop.join();
    }
    recorder.close();

    List<Path> files = RecordingDirectory.list(directory);
    assertThat(files).hasSize(4);
    for (Path file : files) {
      assertThat(RecordingExport.payloads(file, key)).hasSize(500);
    }
    assertThat(recorder.status().recordedPackets()).isEqualTo(2004);
  }

  @Test
  void packetAllocatesNothingOnTheLoop() throws Exception {
    var talk = new TestTalk(key, 1);
    Recorder recorder = recorder(new RecordingDirectory(directory), RecorderSettings.defaults());
    talk.start(recorder);
    Sealed packet = packet(talk, 0);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = 0; i < 60_000; i++) {
      if (i == 40_000) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      talk.give(recorder, packet);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    talk.end(recorder);
    recorder.close();

    assertThat(allocated).isLessThan(20_000); // below one octet a packet: nothing for any of them
  }

  @Test
  void disputedAnnouncementIsRecordedAndNotTakenForProof() throws Exception {
    var talk = new TestTalk(key, 1);
    var rival = new TestTalk(key, 1);
    Recorder recorder = recorder(new RecordingDirectory(directory), SMALL);
    talk.start(recorder);
    recorder.announcement(talk.burst, rival.announcement, TestTalk.nanos(5));
    talk.give(recorder, packet(talk, 0));
    talk.end(recorder);
    recorder.close();

    Path wav = directory.resolve("out.wav");
    ExportReport report =
        RecordingExport.export(
            RecordingDirectory.list(directory).getFirst(),
            key,
            RecordingExport.Format.WAV,
            wav,
            false,
            _ -> {});
    assertThat(report.announcements()).isEqualTo(1);
    assertThat(report.refusedAnnouncements())
        .containsExactly("announces another burst under the same CSB ID");
    assertThat(report.isComplete()).isFalse();
  }

  private Recorder recorder(RecordingStorage storage, RecorderSettings settings) {
    return new Recorder(storage, TestTalk.GATEWAY, settings, TestTalk.CLOCK, told);
  }

  private static Sealed packet(TestTalk talk, int i) {
    return talk.rtp(0, i, 0, i * 160, TestTalk.payload(i, 160), TestTalk.nanos(i * 20L));
  }

  static List<Entry.Gap> gaps(Path file) throws IOException {
    var gaps = new ArrayList<Entry.Gap>();
    try (RecordingReader reader = RecordingReader.open(file)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        if (entry instanceof Entry.Gap gap) {
          gaps.add(gap);
        }
      }
    }
    return gaps;
  }

  /// A disk whose first write takes as long as the test wants.
  private static final class StoppableDisk implements RecordingStorage {
    private final RecordingStorage disk;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    StoppableDisk(RecordingStorage disk) {
      this.disk = disk;
    }

    void awaitWriter() throws InterruptedException {
      assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
    }

    void release() {
      released.countDown();
    }

    @Override
    public Sink create(RecordingHeader header) throws IOException {
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return disk.create(header);
    }
  }

  /// A disk that is full while `failing`: half of each block is written, then it refuses.
  private final class FailingStorage implements RecordingStorage {
    private final RecordingStorage disk;
    private final AtomicBoolean failing = new AtomicBoolean();
    private int failures;

    FailingStorage(RecordingStorage disk) {
      this.disk = disk;
    }

    @Override
    public Sink create(RecordingHeader header) throws IOException {
      refuse();
      Sink sink = disk.create(header);
      return new Sink() {
        @Override
        public Path path() {
          return sink.path();
        }

        @Override
        public void write(ByteBuffer octets, long position) throws IOException {
          if (failing.get()) {
            sink.write(octets.slice(0, octets.limit() / 2), position);
          }
          refuse();
          sink.write(octets, position);
        }

        @Override
        public boolean isInPlace() throws IOException {
          return sink.isInPlace();
        }

        @Override
        public void close() {
          sink.close();
        }
      };
    }

    private void refuse() throws IOException {
      if (failing.get()) {
        if (++failures % 3 == 0) {
          told.add("retried");
        }
        throw new IOException("No space left on device");
      }
    }
  }
}
