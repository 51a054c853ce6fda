package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.system.Await;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;

/// Talk bursts through a real media plane while the disk under the recorder fails in the ways that
/// disks fail. Every packet is relayed, whatever the disk does; every packet is either in a
/// readable file or counted in a gap there.
@Timeout(120)
class RealDiskTest {
  private static final RecorderSettings SMALL =
      new RecorderSettings(1 << 16, 2048, Duration.ofMillis(20), 0, PayloadTypes.defaults());

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
  void fullDiskCostsCountedPacketsOnlyUntilThereIsRoomAgain() throws Exception {
    try (TestDisk disk = TestDisk.inMemory(directory, 256);
        Recorder recorder = recorder(new RecordingDirectory(disk.path()), SMALL)) {
      try (var talk = new RelayedTalk(new TestTalk(key, 1), recorder)) {
        talk.speak(20);
        told.next("flushed");
        disk.fill();
        while (recorder.status().lostPackets() < 30) {
          talk.speak(10);
        }
        assertThat(told.next("diskFailed"))
            .contains("No space left on device")
            .contains("delete old recordings");
        assertThat(recorder.status().failingRecordings()).isEqualTo(1);
        assertThat(recorder.status().diskErrors()).isPositive();
        disk.free();
        String recovered = told.next("diskRecovered");
        assertThat(recovered).isEqualTo("diskRecovered " + recorder.status().lostPackets());
        talk.speak(20);
        talk.end();
        told.next("closed");
        long lost = recorder.status().lostPackets();

        RecordingSummary summary = only(disk.path());
        assertThat(summary.integrity().state()).isEqualTo(Integrity.State.CLOSED);
        assertThat(summary.integrity().damages()).isEmpty();
        assertThat(summary.lostPackets()).isEqualTo(lost);
        assertThat(summary.srtpPackets() + lost).isEqualTo(talk.sent());
        assertGapsAreWhereIndicesAreMissing(summary.file(), talk.sent());
        assertThat(RecordingExport.payloads(summary.file(), key))
            .hasSize((int) summary.srtpPackets());
        assertThat(told.all("diskFailed")).hasSize(1);
        assertThat(told.all("diskRecovered")).hasSize(1);
      }
    }
  }

  @Test
  void burstThatBeginsAndEndsOnAFullDiskIsWrittenWhenThereIsRoom() throws Exception {
    try (TestDisk disk = TestDisk.inMemory(directory, 256);
        Recorder recorder = recorder(new RecordingDirectory(disk.path()), SMALL)) {
      disk.fill();
      try (var talk = new RelayedTalk(new TestTalk(key, 1), recorder)) {
        talk.speak(60);
        talk.end();
        told.next("diskFailed");
        disk.free();
        told.next("closed");

        RecordingSummary summary = only(disk.path());
        assertThat(summary.integrity().damages()).isEmpty();
        assertThat(summary.lostPackets()).isEqualTo(recorder.status().lostPackets()).isPositive();
        assertThat(summary.srtpPackets()).isPositive();
        assertThat(summary.srtpPackets() + summary.lostPackets()).isEqualTo(60);
        assertThat(told.all("abandoned")).isEmpty();
      }
    }
  }

  @Test
  void readOnlyDiskIsToldAndUsedAsSoonAsItIsWritable() throws Exception {
    try (TestDisk disk = TestDisk.inMemory(directory, 512);
        Recorder recorder = recorder(new RecordingDirectory(disk.path()), SMALL)) {
      disk.remount("ro");
      try (var talk = new RelayedTalk(new TestTalk(key, 1), recorder)) {
        talk.speak(40);
        assertThat(told.next("diskFailed"))
            .contains("Read-only file system")
            .contains("mount it writable");
        disk.remount("rw");
        told.next("diskRecovered");
        talk.speak(5);
        talk.end();
        told.next("closed");

        RecordingSummary summary = only(disk.path());
        assertThat(summary.integrity().damages()).isEmpty();
        assertThat(summary.srtpPackets() + summary.lostPackets()).isEqualTo(45);
        assertGapsAreWhereIndicesAreMissing(summary.file(), 45);
      }
    }
  }

  @Test
  void diskThatBreaksDownIsContinuedInAnotherFileOnceItIsRepaired() throws Exception {
    try (TestDisk disk = TestDisk.ext4(directory);
        Recorder recorder = recorder(new RecordingDirectory(disk.path()), SMALL)) {
      try (var talk = new RelayedTalk(new TestTalk(key, 1), recorder)) {
        talk.speak(20);
        awaitRecorded(recorder, 21);
        disk.breakDown();
        talk.speak(20);
        assertThat(told.next("diskFailed")).contains("Read-only file system");
        disk.takeAway();
        talk.speak(20);
        disk.bringBack();
        assertThat(told.next("continued")).contains("_part2");
        talk.speak(5);
        talk.end();
        told.next("closed");
        Await.until("told to be over", () -> told.all("diskRecovered").size() == 1);

        assertPartsHoldEverything(RecordingDirectory.list(disk.path()), talk.sent());
      }
    }
  }

  @Test
  void nothingIsWrittenBelowAMountPointWithoutItsDisk() throws Exception {
    try (TestDisk disk = TestDisk.inMemory(directory, 512);
        Recorder recorder = recorder(new RecordingDirectory(disk.path()), SMALL)) {
      try (var talk = new RelayedTalk(new TestTalk(key, 1), recorder)) {
        talk.speak(20);
        awaitRecorded(recorder, 21);
        disk.takeAway();
        talk.speak(20);
        assertThat(told.next("diskFailed"))
            .contains(disk.path() + " is gone")
            .contains("mount it again");
        assertThat(disk.path()).isEmptyDirectory();
        disk.bringBack();
        told.next("continued");
        talk.end();
        told.next("closed");

        RecordingSummary second = only(disk.path());
        assertThat(second.header().packetsBefore()).isEqualTo(20);
        assertThat(second.srtpPackets() + second.lostPackets()).isEqualTo(20);
        assertThat(recorder.status().continuations()).isEqualTo(1);
      }
    }
  }

  @Test
  void removedDirectoryIsMadeAnewAndTheNewFileSaysWhatItContinues() throws Exception {
    Path root = directory.resolve("recordings");
    try (Recorder recorder = recorder(new RecordingDirectory(root), SMALL)) {
      try (var talk = new RelayedTalk(new TestTalk(key, 1), recorder)) {
        talk.speak(20);
        awaitRecorded(recorder, 21);
        Path removed = RecordingDirectory.list(root).getFirst();
        Files.delete(removed);
        Files.delete(removed.resolveSibling(""));
        talk.speak(20);
        told.next("continued");
        talk.end();
        told.next("closed");

        RecordingSummary second = only(root);
        assertThat(second.header().part()).isEqualTo(2);
        assertThat(second.header().continued()).contains(removed.getFileName().toString());
        assertThat(second.header().packetsBefore()).isEqualTo(20);
        assertThat(second.srtpPackets()).isEqualTo(20);
        assertThat(second.lostPackets()).isZero();
        assertThat(told.all("diskFailed")).isEmpty();
      }
    }
  }

  @Test
  void movedFileAndItsContinuationHoldEveryPacketOnce() throws Exception {
    Path root = directory.resolve("recordings");
    try (Recorder recorder = recorder(new RecordingDirectory(root), SMALL)) {
      try (var talk = new RelayedTalk(new TestTalk(key, 1), recorder)) {
        talk.speak(20);
        told.next("flushed");
        Path moved = directory.resolve("moved.parley");
        Files.move(RecordingDirectory.list(root).getFirst(), moved);
        talk.speak(20);
        told.next("continued");
        talk.end();
        told.next("closed");

        assertPartsHoldEverything(List.of(moved, only(root).file()), 40);
      }
    }
  }

  @Test
  void stuckDiskNeverHoldsUpTheLoopAndTheFileSaysWhatTheQueueCouldNotTake() throws Exception {
    var disk = new StuckStorage(new RecordingDirectory(directory));
    try (Recorder recorder = recorder(disk, SMALL)) {
      try (var talk = new RelayedTalk(new TestTalk(key, 1), recorder)) {
        talk.speak(5);
        told.next("flushed");
        disk.stick();
        talk.speak(1);
        disk.awaitStuck();
        long slowest = talk.speak(1000);
        assertThat(slowest).as("ms for one packet").isLessThan(20_000);
        told.next("diskStalled");
        RecorderStatus stuck = recorder.status();
        assertThat(stuck.waitingNanos()).isGreaterThan(Recorder.PATIENCE.toNanos());
        assertThat(stuck.queuedOctets()).isLessThanOrEqualTo(stuck.queueCapacityOctets());
        assertThat(stuck.lostPackets()).isBetween(500L, 1000L);
        disk.release();
        assertThat(told.next("diskStallOver")).isEqualTo("diskStallOver 0");
        talk.speak(5);
        talk.end();
        told.next("closed");

        RecordingSummary summary = only(directory);
        assertThat(summary.integrity().damages()).isEmpty();
        assertThat(summary.lostPackets()).isEqualTo(stuck.lostPackets());
        assertThat(summary.srtpPackets() + summary.lostPackets()).isEqualTo(talk.sent());
        assertGapsAreWhereIndicesAreMissing(summary.file(), talk.sent());
      }
    }
  }

  @Test
  void diskThatRunsLowIsAnAlarmBeforeItIsFull() throws Exception {
    try (TestDisk disk = TestDisk.inMemory(directory, 512);
        Recorder recorder =
            recorder(new RecordingDirectory(disk.path()), SMALL.withWarnBelow(1 << 20))) {
      told.next("diskLow");
      assertThat(recorder.status().freeOctets()).isEqualTo(512 << 10);
      disk.remount("size=4m");
      told.next("diskLowOver");
      assertThat(told.all("diskLow")).hasSize(2);
    }
  }

  /// Every packet is in one part or in one part's gap, and the second names the first by its chain.
  private void assertPartsHoldEverything(List<Path> parts, int sent) throws Exception {
    assertThat(parts).hasSize(2);
    RecordingSummary first = RecordingSummary.read(parts.getFirst());
    RecordingSummary second = RecordingSummary.read(parts.getLast());
    assertThat(first.integrity().state()).isEqualTo(Integrity.State.UNCLOSED);
    assertThat(first.integrity().damages()).isEmpty();
    assertThat(second.integrity().state()).isEqualTo(Integrity.State.CLOSED);
    assertThat(second.integrity().damages()).isEmpty();
    assertThat(second.headerLines())
        .contains("chain-before: " + first.integrity().chainHead())
        .contains("packets-before: " + first.srtpPackets());
    assertThat(first.srtpPackets() + second.srtpPackets() + second.lostPackets()).isEqualTo(sent);
    List<byte[]> payloads = new ArrayList<>(RecordingExport.payloads(first.file(), key));
    payloads.addAll(RecordingExport.payloads(second.file(), key));
    assertThat(payloads).hasSize((int) (first.srtpPackets() + second.srtpPackets()));
    for (int i = 0; i < first.srtpPackets(); i++) {
      assertThat(payloads.get(i)).isEqualTo(TestTalk.payload(i, 160));
    }
    ExportReport report =
        RecordingExport.export(
            second.file(),
            key,
            RecordingExport.Format.WAV,
            directory.resolve("second.wav"),
            false,
            _ -> {});
    assertThat(report.announcements()).as("proof of the talker in the second part").isPositive();
    assertThat(report.isComplete()).isTrue();
  }

  /// Between two recorded packets there is a gap record exactly where indices are missing, with
  /// that count, and its times lie between theirs.
  private static void assertGapsAreWhereIndicesAreMissing(Path file, int sent) throws Exception {
    long next = -1;
    long lastNanos = 0;
    long announced = 0;
    try (RecordingReader reader = RecordingReader.open(file)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        switch (entry) {
          case Entry.Srtp srtp -> {
            next = next < 0 ? srtp.index() - announced : next;
            assertThat(srtp.index()).isEqualTo(next + announced);
            assertThat(srtp.receivedNanos()).isGreaterThanOrEqualTo(lastNanos);
            next = srtp.index() + 1;
            announced = 0;
            lastNanos = srtp.receivedNanos();
          }
          case Entry.Gap gap -> {
            announced += gap.packets();
            assertThat(gap.firstNanos()).isBetween(lastNanos, gap.lastNanos());
            assertThat(gap.octets()).isEqualTo(gap.packets() * SEALED_OCTETS);
            lastNanos = gap.lastNanos();
          }
          case Entry.Announcement _, Entry.Srtcp _, Entry.End _ -> {}
        }
      }
      assertThat(reader.totals().srtpPackets() + reader.totals().lostPackets()).isEqualTo(sent);
    }
  }

  /// Header 12, payload 160, tag 16, MKI 4.
  private static final long SEALED_OCTETS = 192;

  private static void awaitRecorded(Recorder recorder, long packets) throws Exception {
    Await.until("recorded", () -> recorder.status().recordedPackets() >= packets);
  }

  private static RecordingSummary only(Path root) throws Exception {
    List<Path> files = RecordingDirectory.list(root);
    assertThat(files).hasSize(1);
    return RecordingSummary.read(files.getFirst());
  }

  private Recorder recorder(RecordingStorage storage, RecorderSettings settings) {
    return new Recorder(storage, TestTalk.GATEWAY, settings, TestTalk.CLOCK, told);
  }

  /// A disk that neither writes nor refuses while it is stuck.
  private static final class StuckStorage implements RecordingStorage {
    private final RecordingStorage disk;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean stuck;

    StuckStorage(RecordingStorage disk) {
      this.disk = disk;
    }

    void stick() {
      stuck = true;
    }

    void awaitStuck() throws InterruptedException {
      assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
    }

    void release() {
      stuck = false;
      released.countDown();
    }

    @Override
    public Sink create(RecordingHeader header) throws IOException {
      Sink sink = disk.create(header);
      return new Sink() {
        @Override
        public Path path() {
          return sink.path();
        }

        @Override
        public boolean isInPlace() throws IOException {
          return sink.isInPlace();
        }

        @Override
        public void write(ByteBuffer octets, long position) throws IOException {
          if (stuck) {
            reached.countDown();
            try {
              released.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
          sink.write(octets, position);
        }

        @Override
        public void close() {
          sink.close();
        }
      };
    }
  }
}
