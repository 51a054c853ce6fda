package parley.gateway.ue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Speech cut into RTP payloads, whole in memory: a few kilooctets a second.
public final class Speech {
  /// The static payload type of mu-law audio (RFC 3551, 6).
  public static final int PCMU = 0;

  /// The payload type this project uses for Opus where nobody agreed on another (RFC 7587 has
  /// none).
  public static final int OPUS = 111;

  /// More than four hours of mu-law: what is larger is hardly one talk burst.
  private static final int MAX_FILE_OCTETS = 128 << 20;

  private final String name;
  private final int payloadType;
  private final int clockRate;
  private final List<SpeechFrame> frames;

  Speech(String name, int payloadType, int clockRate, List<SpeechFrame> frames) {
    this.name = name;
    this.payloadType = payloadType;
    this.clockRate = clockRate;
    this.frames = List.copyOf(frames);
  }

  /// Reads an Ogg file with Opus or a WAV file; the first octets decide which, not the name.
  public static Speech read(Path file) throws SpeechFileException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in);
    } catch (NoSuchFileException e) {
      throw new SpeechFileException(file + ": no such file", e);
    } catch (IOException e) {
      throw new SpeechFileException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /// Reads as [#read(Path)] does; `name` stands in for the file in error messages.
  public static Speech read(String name, InputStream in) throws IOException, SpeechFileException {
    byte[] octets = in.readNBytes(MAX_FILE_OCTETS + 1);
    if (octets.length > MAX_FILE_OCTETS) {
      throw new SpeechFileException(name + ": longer than 128 MiB; cut it into shorter files");
    }
    Speech speech = parse(name, octets);
    if (speech.frames.isEmpty()) {
      throw new SpeechFileException(name + ": holds no audio");
    }
    return speech;
  }

  private static Speech parse(String name, byte[] octets) throws SpeechFileException {
    if (startsWith(octets, "OggS")) {
      return OggOpusSource.parse(name, octets);
    }
    if (startsWith(octets, "RIFF")) {
      return WavSource.parse(name, octets);
    }
    throw new SpeechFileException(
        name + ": neither Ogg nor WAV; give Opus in Ogg or 8 kHz mono WAV");
  }

  private static boolean startsWith(byte[] octets, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.US_ASCII);
    return octets.length >= wanted.length
        && Arrays.equals(octets, 0, wanted.length, wanted, 0, wanted.length);
  }

  /// The file it came from, for the terminal.
  public String name() {
    return name;
  }

  public int payloadType() {
    return payloadType;
  }

  /// RTP clock ticks a second: 48000 for Opus whatever its bandwidth (RFC 7587, 4.1), 8000 for
  /// PCMU.
  public int clockRate() {
    return clockRate;
  }

  public List<SpeechFrame> frames() {
    return frames;
  }

  public Duration duration() {
    long ticks = frames.stream().mapToLong(SpeechFrame::timestampStep).sum();
    return Duration.ofNanos(nanos(ticks));
  }

  /// The time that `ticks` of this speech's RTP clock last.
  long nanos(long ticks) {
    return ticks * 1_000_000L / clockRate * 1_000L;
  }
}
