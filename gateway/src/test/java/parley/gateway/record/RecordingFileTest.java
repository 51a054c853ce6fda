package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFileTest {
  private static final int BLOCKS = 6;
  private static final int PACKETS_PER_BLOCK = 5;
  private static final long PACKETS = 30;

  @TempDir Path directory;
  private final List<Long> flushedAt = new ArrayList<>();
  private RecordingHeader header;
  private Path path;
  private byte[] whole;

  @BeforeEach
  void writeRecording() throws Exception {
    header = header();
    var file = new RecordingFile(header, new RecordingDirectory(directory), 4096);
    file.flush();
    flushedAt.add(file.totalOctets());
    for (int block = 0; block < BLOCKS; block++) {
      for (int i = 0; i < PACKETS_PER_BLOCK; i++) {
        file.srtp(block, i, ByteBuffer.wrap(TestTalk.payload(block, 30)));
      }
      file.flush();
      flushedAt.add(file.totalOctets());
    }
    file.close("BYE", "2026-11-23T12:00:01Z");
    path = Objects.requireNonNull(file.path());
    whole = Files.readAllBytes(path);
  }

  @Test
  void closedFileReadsBackWholeWithItsChain() throws Exception {
    RecordingSummary summary = RecordingSummary.read(path);

    assertThat(summary.integrity().state()).isEqualTo(Integrity.State.CLOSED);
    assertThat(summary.integrity().damages()).isEmpty();
    assertThat(summary.srtpPackets()).isEqualTo(PACKETS);
    assertThat(summary.headerLines()).isEqualTo(header.fields().lines());
    assertThat(summary.endReason()).contains("BYE");
  }

  @Test
  void blocksOfAFastStreamGrowUpToEightTimesAndShrinkToNoLess() throws Exception {
    var file = new RecordingFile(header, new RecordingDirectory(directory), 1024);
    List<Integer> packets = new ArrayList<>();
    for (int block = 0; block < 6; block++) {
      int fit = 0;
      for (; file.hasRoom(200); fit++) {
        file.srtp(block, fit, ByteBuffer.wrap(TestTalk.payload(block, 200)));
      }
      packets.add(fit);
      file.grow();
      file.flush();
    }
    file.close("BYE", "2026-11-23T12:00:01Z");
    // a record has 4 octets, a time and an index before the packet
    assertThat(packets).containsExactly(1024 / 220, 2048 / 220, 4096 / 220, 37, 37, 37);
    RecordingSummary summary = RecordingSummary.read(Objects.requireNonNull(file.path()));
    assertThat(summary.integrity().damages()).isEmpty();
    assertThat(summary.srtpPackets()).isEqualTo(packets.stream().mapToInt(i -> i).sum());
  }

  @Test
  void fileCutAtEveryOctetReadsBackEverythingFlushedBefore() throws Exception {
    for (int cut = flushedAt.getFirst().intValue(); cut < whole.length; cut++) {
      Path file = Files.write(directory.resolve("cut"), Arrays.copyOf(whole, cut));
      RecordingSummary summary = RecordingSummary.read(file);

      assertThat(summary.integrity().damages()).as("cut at %d", cut).isEmpty();
      assertThat(summary.integrity().state()).isEqualTo(Integrity.State.UNCLOSED);
      assertThat(summary.srtpPackets()).as("cut at %d", cut).isEqualTo(flushedPackets(cut));
    }
  }

  private long flushedPackets(int cut) {
    return (flushedAt.stream().filter(end -> end <= cut).count() - 1) * PACKETS_PER_BLOCK;
  }

  @Test
  void flippedBitAnywhereIsReported() throws Exception {
    for (int at = 0; at < whole.length; at++) {
      byte[] bent = whole.clone();
      bent[at] ^= (byte) (1 << at % 8);
      Path file = Files.write(directory.resolve("bent"), bent);
      assertThat(isReported(file)).as("octet %d", at).isTrue();
    }
  }

  private static boolean isReported(Path file) throws Exception {
    try {
      Integrity integrity = RecordingSummary.read(file).integrity();
      return !integrity.isUnaltered();
    } catch (NotARecording _) {
      return true;
    }
  }

  @Test
  void damageCostsOneBlockAndNotTheRest() throws Exception {
    byte[] bent = whole.clone();
    bent[flushedAt.get(2).intValue() + Blocks.HEADER_OCTETS + 50] ^= 1;
    RecordingSummary body = RecordingSummary.read(Files.write(directory.resolve("a"), bent));
    assertThat(body.srtpPackets()).isEqualTo(PACKETS - PACKETS_PER_BLOCK);

    bent = whole.clone();
    bent[flushedAt.get(2).intValue() + 5] ^= 1;
    RecordingSummary head = RecordingSummary.read(Files.write(directory.resolve("b"), bent));
    assertThat(head.srtpPackets()).isEqualTo(PACKETS - PACKETS_PER_BLOCK);
  }

  @Test
  void removedRepeatedOrSwappedBlockBreaksTheChain() throws Exception {
    byte[] first = slice(1);
    byte[] second = slice(2);
    byte[] start = Arrays.copyOf(whole, flushedAt.get(1).intValue());
    byte[] rest = Arrays.copyOfRange(whole, flushedAt.get(3).intValue(), whole.length);

    assertThat(isReported(write(start, second, rest))).isTrue();
    assertThat(isReported(write(start, first, first, second, rest))).isTrue();
    assertThat(isReported(write(start, second, first, rest))).isTrue();
    assertThat(isReported(write(start, first, second, rest, first))).isTrue();
    assertThat(isReported(write(start, first, second, rest))).isFalse();
  }

  private byte[] slice(int block) {
    return Arrays.copyOfRange(
        whole, flushedAt.get(block).intValue(), flushedAt.get(block + 1).intValue());
  }

  private Path write(byte[]... parts) throws Exception {
    ByteBuffer file = ByteBuffer.allocate(2 * whole.length);
    for (byte[] part : parts) {
      file.put(part);
    }
    return Files.write(directory.resolve("parts"), Arrays.copyOf(file.array(), file.position()));
  }

  @Test
  void onlyTheOwnerReadsAndNothingIsOverwritten() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    var again = new RecordingFile(header, new RecordingDirectory(directory), 4096);
    again.flush();
    again.abandon();

    assertThat(again.path()).isNotEqualTo(path);
    assertThat(path).hasBinaryContent(whole);
    assertThat(RecordingDirectory.list(directory)).hasSize(2);
  }

  @Test
  void fileWithoutReadableHeaderIsRefusedInOneSentence() throws Exception {
    Path file = Files.writeString(directory.resolve("x"), "Not one of ours, but long enough");
    assertThatThrownBy(() -> RecordingSummary.read(file))
        .isInstanceOf(NotARecording.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void packetLargerThanAnyBlockGetsOneOfItsOwn() throws Exception {
    var file = new RecordingFile(header, new RecordingDirectory(directory), 1024);
    file.flush();
    file.srtp(1, 1, ByteBuffer.wrap(TestTalk.payload(1, 60_000)));
    file.flush();
    file.srtp(2, 2, ByteBuffer.wrap(TestTalk.payload(1, 10)));
    file.flush();
    file.abandon();

    assertThat(RecordingSummary.read(Objects.requireNonNull(file.path())).srtpOctets())
        .isEqualTo(60_010);
  }

  static RecordingHeader header() throws NotARecording {
    var fields =
        new Fields()
            .put("format", Blocks.FORMAT)
            .put("started", TestTalk.START.toString())
            .put("gateway", TestTalk.GATEWAY.uri())
            .put("group", TestTalk.GROUP.uri())
            .put("talker", TestTalk.ALICE.uri())
            .putHex("csb-id", 0x11223344)
            .putHex("mki", new byte[4])
            .put("suite", "AEAD_AES_128_GCM")
            .put("rccm3", "false")
            .put("session", "4 d00dfeed 7");
    PayloadTypes.defaults().write(fields);
    return RecordingHeader.of(fields);
  }
}
