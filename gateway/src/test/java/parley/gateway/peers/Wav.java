package parley.gateway.peers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/// The speech in a WAV file, in mono samples of 16 bits.
final class Wav {
  private final short[] samples;
  private final float hertz;

  private Wav(short[] samples, float hertz) {
    this.samples = samples;
    this.hertz = hertz;
  }

  private static final int HEADER_OCTETS = 44;

  /// A player that never heard a packet leaves a header without a format.
  static Wav of(Path file) throws IOException {
    if (Files.size(file) == HEADER_OCTETS) {
      return new Wav(new short[0], 8_000);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    }
  }

  /// The speech that parley ships: 6.36 s, 8 kHz, mu-law.
  static Wav shipped() throws IOException {
    try (InputStream in = Wav.class.getResourceAsStream("/speech/bob-1.wav")) {
      return read(in);
    }
  }

  private static Wav read(InputStream in) throws IOException {
    try (AudioInputStream audio = AudioSystem.getAudioInputStream(new BufferedInputStream(in))) {
      float hertz = audio.getFormat().getSampleRate();
      int channels = audio.getFormat().getChannels();
      var linear = new AudioFormat(hertz, 16, channels, true, false);
      byte[] octets = AudioSystem.getAudioInputStream(linear, audio).readAllBytes();
      var words = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
      short[] mono = new short[words.remaining() / channels];
      for (int i = 0; i < mono.length; i++) {
        mono[i] = words.get(i * channels);
      }
      return new Wav(mono, hertz);
    } catch (UnsupportedAudioFileException e) {
      throw new IOException("not a WAV file", e);
    }
  }

  short[] samples() {
    return samples.clone();
  }

  double seconds() {
    return samples.length / (double) hertz;
  }

  /// Of full scale.
  double rms() {
    double sum = 0;
    for (short sample : samples) {
      double value = sample / 32_768.0;
      sum += value * value;
    }
    return samples.length == 0 ? 0 : Math.sqrt(sum / samples.length);
  }
}
