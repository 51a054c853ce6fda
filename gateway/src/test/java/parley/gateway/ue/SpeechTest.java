package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SpeechTest {
  @Test
  void readsEveryOpusPacketOfTheShippedSpeech() throws Exception {
    Speech speech = shipped("alice-1.ogg");
    assertThat(speech.payloadType()).isEqualTo(111);
    assertThat(speech.clockRate()).isEqualTo(48_000);
    assertThat(speech.frames()).hasSize(350).allMatch(f -> f.timestampStep() == 960);
    assertThat(speech.duration()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void keepsTheOctetsOfOpusPackets() throws Exception {
    byte[] file = octets("alice-1.ogg");
    SpeechFrame first = shipped("alice-1.ogg").frames().getFirst();
    assertThat(indexOf(file, first.payload())).isPositive();
  }

  @Test
  void readsMuLawWavAsItIsWithAShortLastFrame() throws Exception {
    Speech speech = shipped("bob-1.wav");
    byte[] file = octets("bob-1.wav");
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    speech.frames().forEach(f -> joined.writeBytes(f.payload()));
    assertThat(speech.payloadType()).isZero();
    assertThat(joined.toByteArray())
        .isEqualTo(Arrays.copyOfRange(file, file.length - joined.size(), file.length));
    assertThat(speech.frames().subList(0, speech.frames().size() - 1))
        .allMatch(f -> f.payload().length == 160 && f.timestampStep() == 160);
    assertThat(speech.duration().toMillis()).isEqualTo(joined.size() / 8);
  }

  @Test
  void encodesSixteenBitSamples() throws Exception {
    ByteBuffer samples = ByteBuffer.allocate(2 * 161).order(ByteOrder.LITTLE_ENDIAN);
    samples.putShort(0, (short) 0).putShort(2, Short.MIN_VALUE).putShort(4, Short.MAX_VALUE);
    samples.putShort(6, (short) -1).putShort(8, (short) 1000);
    Speech speech = read(wav(1, 1, 8000, 16, samples.array()));
    assertThat(speech.frames()).hasSize(2);
    assertThat(speech.frames().getFirst().payload())
        .startsWith(0xFF, 0x00, 0x80, 0x7F, 0xCE)
        .hasSize(160);
    assertThat(speech.frames().getLast().timestampStep()).isEqualTo(1);
  }

  @Test
  void refusesWhatItCannotSendInOneSentence() {
    assertRefused("hello, world".getBytes(StandardCharsets.US_ASCII), "neither Ogg nor WAV");
    assertRefused(wav(1, 2, 8000, 16, new byte[4]), "2 channel(s) at 8000 Hz");
    assertRefused(wav(1, 1, 44_100, 16, new byte[4]), "1 channel(s) at 44100 Hz");
    assertRefused(wav(1, 1, 8000, 24, new byte[6]), "24-bit samples");
    assertRefused(wav(3, 1, 8000, 32, new byte[8]), "neither mu-law nor 16-bit PCM");
    assertRefused(wav(7, 1, 8000, 8, new byte[0]), "holds no audio");
    assertThatThrownBy(() -> Speech.read(Path.of("no-such.ogg")))
        .isInstanceOf(SpeechFileException.class)
        .hasMessage("no-such.ogg: no such file");
  }

  @Test
  void anyCutOfAGoodFileIsReadOrRefusedButNeverCrashes() throws Exception {
    for (String name : new String[] {"alice-1.ogg", "bob-1.wav"}) {
      byte[] file = octets(name);
      for (int cut = 0; cut < file.length; cut += cut < 600 ? 1 : 211) {
        byte[] part = Arrays.copyOf(file, cut);
        try {
          assertThat(read(part).frames()).isNotEmpty();
        } catch (SpeechFileException e) {
          assertThat(e).hasMessageStartingWith("test:");
        }
      }
    }
  }

  @Test
  void tellsOpusDurationsFromTheTableOfContents() {
    assertThat(OpusToc.samples(packet(3 << 3))).isEqualTo(2880);
    assertThat(OpusToc.samples(packet(13 << 3 | 1))).isEqualTo(1920);
    assertThat(OpusToc.samples(packet(16 << 3 | 2))).isEqualTo(240);
    assertThat(OpusToc.samples(packet(31 << 3 | 3, 0x83))).isEqualTo(2880);
    assertThat(OpusToc.samples(packet(31 << 3 | 3, 7))).isEqualTo(-1);
    assertThat(OpusToc.samples(packet(31 << 3 | 3, 0))).isEqualTo(-1);
    assertThat(OpusToc.samples(packet(31 << 3 | 3))).isEqualTo(-1);
    assertThat(OpusToc.samples(packet())).isEqualTo(-1);
  }

  private static void assertRefused(byte[] file, String reason) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(SpeechFileException.class)
        .hasMessageStartingWith("test: ")
        .hasMessageContaining(reason);
  }

  static Speech shipped(String name) throws IOException, SpeechFileException {
    try (InputStream in = open(name)) {
      return Speech.read(name, in);
    }
  }

  private static byte[] octets(String name) throws IOException {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = SpeechTest.class.getResourceAsStream("/speech/" + name);
    if (in == null) {
      throw new IOException(name);
    }
    return in;
  }

  private static Speech read(byte[] octets) throws IOException, SpeechFileException {
    return Speech.read("test", new ByteArrayInputStream(octets));
  }

  private static byte[] wav(int tag, int channels, int rate, int bits, byte[] data) {
    ByteBuffer b = ByteBuffer.allocate(44 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    b.putInt(0x46464952).putInt(36 + data.length).putInt(0x45564157);
    b.putInt(0x20746D66).putInt(16).putShort((short) tag).putShort((short) channels).putInt(rate);
    b.putInt(rate * channels * bits / 8).putShort((short) (channels * bits / 8));
    b.putShort((short) bits).putInt(0x61746164).putInt(data.length).put(data);
    return b.array();
  }

  private static byte[] packet(int... octets) {
    byte[] packet = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      packet[i] = (byte) octets[i];
    }
    return packet;
  }

  private static int indexOf(byte[] where, byte[] what) {
    for (int i = 0; i + what.length <= where.length; i++) {
      if (Arrays.equals(where, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return -1;
  }
}
