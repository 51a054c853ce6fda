package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gagravarr.ogg.OggFile;
import org.gagravarr.ogg.OggPacket;
import org.gagravarr.opus.OpusFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.gateway.record.RecordingExport.Format;
import parley.gateway.record.TestTalk.Sealed;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;

class SpeechExportTest {
  private static final int OPUS = 111;
  private static final int OPUS_STEP = 960;

  @TempDir Path directory;
  private Vault vault;
  private RecordingKey key;

  @BeforeEach
  void openVault() throws Exception {
    vault = TestTalk.vault(directory);
    key = vault.recordingKey();
  }

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @ParameterizedTest
  @EnumSource(MediaSuite.class)
  void opusPayloadsComeBackOctetByOctetInOrder(MediaSuite suite) throws Exception {
    List<byte[]> speech = opus(100);
    var talk = new TestTalk(key, 1, new MediaPolicy(suite, false));
    List<Sealed> packets = sealed(talk, speech, OPUS, OPUS_STEP, 20);
    swap(packets, 10, 13);
    Path recording = talk.record(directory, PayloadTypes.defaults(), packets);

    assertThat(RecordingExport.payloads(recording, key)).containsExactlyElementsOf(speech);
    assertThat(oggPackets(export(recording, Format.OGG))).containsExactlyElementsOf(speech);
  }

  @Test
  void oggTimelineIsRightAcrossLossAndDtx() throws Exception {
    List<byte[]> speech = opus(100);
    var talk = new TestTalk(key, 1);
    List<Sealed> packets = sealed(talk, speech, OPUS, OPUS_STEP, 20);
    packets.subList(40, 57).clear(); // 340 ms lost
    packets.remove(5);
    Path ogg = export(talk.record(directory, PayloadTypes.defaults(), packets), Format.OGG);

    assertThat(lastGranule(ogg)).isEqualTo(100L * OPUS_STEP);
    List<byte[]> expected = new ArrayList<>(speech);
    expected.subList(40, 57).clear();
    expected.remove(5);
    List<byte[]> real = oggPackets(ogg).stream().filter(packet -> packet.length > 2).toList();
    assertThat(real).containsExactlyElementsOf(expected);
    assertThat(Tools.print("opusinfo", ogg.toString()).replaceFirst("(?m)^WARNING.*preskip.*$", ""))
        .contains("Playback length: 0m:02.000s")
        .doesNotContain("WARNING"); // but for the pre-skip, which nobody told us
    assertThat(
            Tools.run("ffprobe", "-v", "error", "-show_entries", "format=duration", ogg.toString()))
        .contains("duration=2.00");
  }

  @Test
  void wavOfOpusHasEverySampleAndSilenceWhereNothingCame() throws Exception {
    List<byte[]> speech = opus(50);
    var talk = new TestTalk(key, 1);
    List<Sealed> packets = sealed(talk, speech, OPUS, OPUS_STEP, 20);
    swap(packets, 20, 21);
    packets.subList(30, 35).clear();
    Path recording = talk.record(directory, PayloadTypes.defaults(), packets);
    Path wav = directory.resolve("out.wav");
    ExportReport report = RecordingExport.export(recording, key, Format.WAV, wav, false, _ -> {});

    short[] samples = samples(wav);
    assertThat(samples).hasSize(50 * OPUS_STEP);
    assertThat(Arrays.copyOfRange(samples, 30 * OPUS_STEP, 35 * OPUS_STEP)).containsOnly((short) 0);
    assertThat(Arrays.copyOfRange(samples, 29 * OPUS_STEP, 30 * OPUS_STEP))
        .isNotEqualTo(new short[OPUS_STEP]);
    assertThat(report.missing()).isEqualTo(5);
    assertThat(report.announcements()).isEqualTo(1);
    assertThat(report.isComplete()).isTrue();
  }

  @Test
  void mutedTalkerKeepsTheTimelineWithoutMissingPackets() throws Exception {
    List<byte[]> speech = opus(20);
    var talk = new TestTalk(key, 1);
    var packets = new ArrayList<Sealed>();
    for (int i = 0; i < 20; i++) {
      int time = i < 10 ? i : i + 50; // a second of nothing sent
      packets.add(
          talk.rtp(0, i, OPUS, time * OPUS_STEP, speech.get(i), TestTalk.nanos(time * 20L)));
    }
    Path recording = talk.record(directory, PayloadTypes.defaults(), packets);
    Path wav = directory.resolve("out.wav");
    ExportReport report = RecordingExport.export(recording, key, Format.WAV, wav, false, _ -> {});

    assertThat(samples(wav)).hasSize(70 * OPUS_STEP);
    assertThat(report.missing()).isZero();
    assertThat(lastGranule(export(recording, Format.OGG))).isEqualTo(70L * OPUS_STEP);
  }

  @Test
  void pcmuAndPcmaAreExactSampleBySample() throws Exception {
    for (int type : new int[] {0, 8}) {
      var talk = new TestTalk(key, 1);
      var packets = new ArrayList<Sealed>();
      for (int i = 0; i < 256; i++) {
        packets.add(
            talk.rtp(0, i, type, i * 160, TestTalk.payload(i, 160), TestTalk.nanos(i * 20L)));
      }
      packets.remove(100);
      swap(packets, 3, 7);
      Path recording =
          talk.record(directory.resolve("g711-" + type), PayloadTypes.defaults(), packets);
      short[] samples = samples(export(recording, Format.WAV));

      assertThat(samples).hasSize(256 * 160);
      for (int i = 0; i < 256; i++) {
        short expected = type == 0 ? G711.muLaw((byte) i) : G711.aLaw((byte) i);
        assertThat(samples[i * 160 + 80]).isEqualTo(i == 100 ? 0 : expected);
      }
    }
  }

  @Test
  void g711MeetsTheValuesOfTheRecommendation() {
    assertThat(G711.muLaw((byte) 0x00)).isEqualTo((short) -32124);
    assertThat(G711.muLaw((byte) 0x80)).isEqualTo((short) 32124);
    assertThat(G711.muLaw((byte) 0xFF)).isZero();
    assertThat(G711.aLaw((byte) 0xD5)).isEqualTo((short) 8);
    assertThat(G711.aLaw((byte) 0x55)).isEqualTo((short) -8);
    assertThat(G711.aLaw((byte) 0x2A)).isEqualTo((short) -32256);
  }

  @Test
  void stereoL16IsExact() throws Exception {
    var types = PayloadTypes.with(Map.of(97, "L16/16000/2"));
    var talk = new TestTalk(key, 1);
    var packets = new ArrayList<Sealed>();
    for (int i = 0; i < 10; i++) {
      packets.add(
          talk.rtp(0, i, 97, i * 320, TestTalk.payload(i + 1, 1280), TestTalk.nanos(i * 20L)));
    }
    packets.remove(4);
    short[] samples = samples(export(talk.record(directory, types, packets), Format.WAV));

    assertThat(samples).hasSize(10 * 320 * 2);
    assertThat(samples[0]).isEqualTo((short) 0x0101);
    assertThat(Arrays.copyOfRange(samples, 4 * 640, 5 * 640)).containsOnly((short) 0);
    assertThat(samples[5 * 640]).isEqualTo((short) 0x0606);
  }

  @Test
  void restartedTimestampsFollowTheClockOnTheWall() throws Exception {
    var talk = new TestTalk(key, 1);
    var packets = new ArrayList<Sealed>();
    for (int i = 0; i < 10; i++) {
      int timestamp = i < 5 ? i * 160 : 0x7000_0000 + i * 160;
      packets.add(talk.rtp(0, i, 0, timestamp, TestTalk.payload(1, 160), TestTalk.nanos(i * 20L)));
    }
    Path recording = talk.record(directory, PayloadTypes.defaults(), packets);
    Path wav = directory.resolve("out.wav");
    ExportReport report = RecordingExport.export(recording, key, Format.WAV, wav, false, _ -> {});

    assertThat(samples(wav)).hasSize(1600);
    assertThat(report.timestampJumps()).isEqualTo(1);
  }

  @Test
  void streamsOfOneBurstGoToFilesOfTheirOwn() throws Exception {
    var talk = new TestTalk(key, 2);
    var packets = new ArrayList<Sealed>();
    for (int i = 0; i < 5; i++) {
      packets.add(talk.rtp(0, i, 0, i * 160, TestTalk.payload(1, 160), TestTalk.nanos(i * 20L)));
      packets.add(talk.rtp(1, i, 8, i * 160, TestTalk.payload(2, 160), TestTalk.nanos(i * 20L)));
    }
    Path recording = talk.record(directory, PayloadTypes.defaults(), packets);
    Path target = directory.resolve("out.wav");
    ExportReport report =
        RecordingExport.export(recording, key, Format.WAV, target, false, _ -> {});

    assertThat(report.files())
        .map(file -> file.getFileName().toString())
        .containsExactly("out-d00dfeed.wav", "out-d00dfeee.wav");
  }

  @Test
  void lossLongerThanAnyEstimateIsBridged() throws Exception {
    var talk = new TestTalk(key, 1);
    var packets = new ArrayList<Sealed>();
    packets.add(talk.rtp(0, 0, 0, 0, TestTalk.payload(1, 160), TestTalk.nanos(0)));
    long far = 200_000;
    for (int i = 0; i < 3; i++) {
      packets.add(
          talk.rtp(
              0,
              far + i,
              0,
              (int) (far + i) * 160,
              TestTalk.payload(2, 160),
              TestTalk.nanos((far + i) * 20)));
    }
    Path recording = talk.record(directory, PayloadTypes.defaults(), packets);

    assertThat(RecordingExport.payloads(recording, key)).hasSize(4);
  }

  @Test
  void existingFilesStayWithoutForce() throws Exception {
    var talk = new TestTalk(key, 1);
    Path recording =
        talk.record(
            directory,
            PayloadTypes.defaults(),
            List.of(talk.rtp(0, 0, 0, 0, TestTalk.payload(1, 160), TestTalk.nanos(0))));
    Path wav = Files.writeString(directory.resolve("mine.wav"), "mine");

    assertThatThrownBy(
            () -> RecordingExport.export(recording, key, Format.WAV, wav, false, _ -> {}))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(wav).hasContent("mine");
    RecordingExport.export(recording, key, Format.WAV, wav, true, _ -> {});
    assertThat(samples(wav)).hasSize(160);
    try (var files = Files.list(directory)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void oggHoldsOpusOnlyAndSaysSo() throws Exception {
    var talk = new TestTalk(key, 1);
    Path recording =
        talk.record(
            directory,
            PayloadTypes.defaults(),
            List.of(talk.rtp(0, 0, 0, 0, TestTalk.payload(1, 160), TestTalk.nanos(0))));
    Path ogg = directory.resolve("out.ogg");
    ExportReport report = RecordingExport.export(recording, key, Format.OGG, ogg, false, _ -> {});

    assertThat(report.unsupported()).isEqualTo(1);
    assertThat(report.isComplete()).isFalse();
    assertThat(ogg).doesNotExist();
  }

  @Test
  void concealmentLastsExactlyAsLongAsTheGap() {
    for (int config = 0; config < 32; config++) {
      byte[] like = {(byte) (config << 3), 1, 2};
      for (int quanta : Set.of(0, 1, 2, 3, 4, 7, 8, 49, 401)) {
        long samples = (long) quanta * OpusPacket.QUANTUM;
        assertThat(
                OpusPacket.concealment(like, samples + 119).stream()
                    .mapToLong(OpusPacket::samples)
                    .sum())
            .isEqualTo(samples);
      }
    }
  }

  @Test
  void anotherRecordingKeyGivesOneSentence() throws Exception {
    var talk = new TestTalk(key, 1);
    Path recording = talk.record(directory, PayloadTypes.defaults(), List.of());
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    try (Vault other = TestTalk.vault(elsewhere)) {
      assertThatThrownBy(() -> RecordingExport.payloads(recording, other.recordingKey()))
          .isInstanceOf(CannotDecrypt.class)
          .hasMessageContaining("use the vault of the gateway that recorded it")
          .hasMessageNotContaining("\n");
    }
  }

  private Path export(Path recording, Format format) throws Exception {
    Path target = Files.createTempDirectory(directory, "export").resolve("burst" + format.suffix());
    ExportReport report = RecordingExport.export(recording, key, format, target, false, _ -> {});
    assertThat(report.refused()).isEmpty();
    assertThat(report.integrity().damages()).isEmpty();
    return target;
  }

  private static List<Sealed> sealed(
      TestTalk talk, List<byte[]> speech, int type, int step, int millis) {
    var packets = new ArrayList<Sealed>();
    for (int i = 0; i < speech.size(); i++) {
      packets.add(
          talk.rtp(0, i, type, 77 + i * step, speech.get(i), TestTalk.nanos((long) i * millis)));
    }
    return packets;
  }

  private static void swap(List<Sealed> packets, int one, int other) {
    Sealed first = packets.get(one);
    packets.set(one, packets.get(other));
    packets.set(other, first);
  }

  static List<byte[]> opus(int frames) throws Exception {
    var encoder = new OpusEncoder(48_000, 1, OpusApplication.OPUS_APPLICATION_VOIP);
    encoder.setBitrate(24_000);
    var packets = new ArrayList<byte[]>();
    for (int frame = 0; frame < frames; frame++) {
      var samples = new short[OPUS_STEP];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = (short) (8000 * Math.sin((frame * OPUS_STEP + i) * 0.03));
      }
      var packet = new byte[1275];
      int length = encoder.encode(samples, 0, OPUS_STEP, packet, 0, packet.length);
      packets.add(Arrays.copyOf(packet, length));
    }
    return packets;
  }

  private static short[] samples(Path wav) throws Exception {
    ByteBuffer octets = ByteBuffer.wrap(Files.readAllBytes(wav)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(octets.getInt(4)).isEqualTo(octets.limit() - 8);
    assertThat(octets.getInt(40)).isEqualTo(octets.limit() - 44);
    var samples = new short[(octets.limit() - 44) / 2];
    octets
        .slice(44, samples.length * 2)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asShortBuffer()
        .get(samples);
    return samples;
  }

  /// Read by another implementation than the one that wrote them.
  private static List<byte[]> oggPackets(Path ogg) throws Exception {
    var packets = new ArrayList<byte[]>();
    try (var file = new OpusFile(ogg.toFile())) {
      for (var packet = file.getNextAudioPacket();
          packet != null;
          packet = file.getNextAudioPacket()) {
        packets.add(packet.getData());
      }
    }
    return packets;
  }

  private static long lastGranule(Path ogg) throws Exception {
    long granule = -1;
    try (var in = Files.newInputStream(ogg);
        var file = new OggFile(in)) {
      var reader = file.getPacketReader();
      for (OggPacket packet = reader.getNextPacket();
          packet != null;
          packet = reader.getNextPacket()) {
        granule = packet.getGranulePosition();
      }
    }
    return granule;
  }
}
