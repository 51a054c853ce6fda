package parley.gateway.ue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// PCMU payloads out of a WAV file with 8 kHz mono: mu-law as it is, 16-bit samples encoded.
///
/// Frames are 20 ms; the last is as short as what is left, so that all frames joined are the file's
/// samples and nothing else.
final class WavSource {
  private static final int RIFF = 0x46464952;
  private static final int WAVE = 0x45564157;
  private static final int FMT = 0x20746D66;
  private static final int DATA = 0x61746164;
  private static final int PCM = 1;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xFFFE;
  private static final int RATE = 8000;
  private static final int FRAME_SAMPLES = RATE / 50;

  private final String name;
  private @Nullable ByteBuffer format;
  private @Nullable ByteBuffer data;

  private WavSource(String name) {
    this.name = name;
  }

  static Speech parse(String name, byte[] octets) throws SpeechFileException {
    WavSource source = new WavSource(name);
    source.readChunks(ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN));
    return new Speech(name, Speech.PCMU, RATE, frames(source.muLaw()));
  }

  /// Chunks start at even offsets; a `data` chunk that runs past the end is cut there, as a writer
  /// that was stopped leaves it.
  private void readChunks(ByteBuffer file) throws SpeechFileException {
    if (file.remaining() < 12 || file.getInt(0) != RIFF || file.getInt(8) != WAVE) {
      throw refused("not a WAV file");
    }
    int at = 12;
    while (data == null && at + 8 <= file.limit()) {
      long declared = file.getInt(at + 4) & 0xFFFFFFFFL;
      int octets = (int) Math.min(declared, file.limit() - at - 8L);
      ByteBuffer body = file.slice(at + 8, octets).order(ByteOrder.LITTLE_ENDIAN);
      switch (file.getInt(at)) {
        case FMT -> format = body;
        case DATA -> data = body;
        default -> {}
      }
      at += 8 + octets + (octets & 1);
    }
  }

  private byte[] muLaw() throws SpeechFileException {
    ByteBuffer fmt = format;
    ByteBuffer samples = data;
    if (fmt == null || fmt.remaining() < 16 || samples == null) {
      throw refused("the WAV file has no format or no data chunk");
    }
    checkShape(fmt.getShort(2), fmt.getInt(4));
    return switch (tag(fmt)) {
      case MU_LAW -> octets(samples);
      case PCM -> encode(fmt.getShort(14), samples);
      default -> throw refused("neither mu-law nor 16-bit PCM; convert it with sox -e mu-law");
    };
  }

  private void checkShape(int channels, int rate) throws SpeechFileException {
    if (channels != 1 || rate != RATE) {
      throw refused(
          channels
              + " channel(s) at "
              + rate
              + " Hz; wanted is mono at 8000 Hz (sox -r 8000 -c 1)");
    }
  }

  /// WAVE_FORMAT_EXTENSIBLE hides the format tag in the first octets of its sub-format.
  private static int tag(ByteBuffer fmt) {
    int tag = fmt.getShort(0) & 0xFFFF;
    return tag == EXTENSIBLE && fmt.remaining() >= 26 ? fmt.getShort(24) & 0xFFFF : tag;
  }

  private byte[] encode(int bits, ByteBuffer samples) throws SpeechFileException {
    if (bits != 16) {
      throw refused(bits + "-bit samples; wanted are 16 bits (sox -b 16)");
    }
    byte[] encoded = new byte[samples.remaining() / 2];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = MuLaw.encode(samples.getShort(2 * i));
    }
    return encoded;
  }

  private static byte[] octets(ByteBuffer samples) {
    byte[] octets = new byte[samples.remaining()];
    samples.get(0, octets);
    return octets;
  }

  private static List<SpeechFrame> frames(byte[] muLaw) {
    List<SpeechFrame> frames = new ArrayList<>();
    for (int at = 0; at < muLaw.length; at += FRAME_SAMPLES) {
      int end = Math.min(at + FRAME_SAMPLES, muLaw.length);
      frames.add(new SpeechFrame(Arrays.copyOfRange(muLaw, at, end), end - at));
    }
    return frames;
  }

  private SpeechFileException refused(String reason) {
    return new SpeechFileException(name + ": " + reason);
  }
}
