package parley.gateway.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import parley.keys.vault.RecordingKey;

/// Turns a recording into what other programs play or take apart.
///
/// Every packet is authenticated and every announcement verified again on the way; what fails is
/// left out and told in the report. The recording itself is only read.
public final class RecordingExport {
  /// What to make of it.
  public enum Format {
    /// Decoded speech, 16-bit linear, at the rate of the RTP clock.
    WAV,
    /// Opus packets as they came.
    OGG,
    /// The decrypted packets, RTP and RTCP.
    PCAPNG;

    /// The end of a file name, with the dot.
    public String suffix() {
      return "." + name().toLowerCase(Locale.ROOT);
    }
  }

  private RecordingExport() {}

  /// Exports `recording` to `target`; a burst of several streams to one file for each, with the
  /// SSRC before the name's suffix (pcapng holds them all).
  ///
  /// Files appear whole, and only when the recording was read to its end.
  ///
  /// @param replace whether files in that place may go
  /// @param progress told from 0 to 1, often
  /// @throws java.nio.file.FileAlreadyExistsException when there is one and it may not
  /// @throws CannotDecrypt when `key` is not the one it was recorded under
  /// @throws IOException in one sentence, when it is no recording or nothing fits the format
  public static ExportReport export(
      Path recording,
      RecordingKey key,
      Format format,
      Path target,
      boolean replace,
      DoubleConsumer progress)
      throws IOException, CannotDecrypt {
    var tally = new ExportTally();
    try (RecordingOpener opener = RecordingOpener.open(recording, key);
        Exporter exporter = exporter(opener.header(), format, target, replace, tally)) {
      opener.readAll(exporter, progress);
      return opener.report(exporter.finish(), tally);
    }
  }

  /// The decrypted RTP payloads of all streams in the order of their sequence numbers, stream by
  /// stream: for whoever compares a recording with what was said.
  public static List<byte[]> payloads(Path recording, RecordingKey key)
      throws IOException, CannotDecrypt {
    var frames = new TreeMap<Integer, TreeMap<Long, byte[]>>();
    try (RecordingOpener opener = RecordingOpener.open(recording, key)) {
      opener.readAll(
          new Exporter() {
            @Override
            public void rtp(RtpFrame frame) {
              frames
                  .computeIfAbsent(frame.ssrc(), _ -> new TreeMap<>())
                  .put(frame.index(), frame.payload());
            }

            @Override
            public void rtcp(long receivedNanos, byte[] packet) {}

            @Override
            public List<Path> finish() {
              return List.of();
            }

            @Override
            public void close() {}
          },
          _ -> {});
    }
    var payloads = new ArrayList<byte[]>();
    frames.values().forEach(stream -> payloads.addAll(stream.values()));
    return payloads;
  }

  private static Exporter exporter(
      RecordingHeader header, Format format, Path target, boolean replace, ExportTally tally)
      throws IOException {
    if (format == Format.PCAPNG) {
      return new PcapngExporter(new OutputFile(target, replace), header);
    }
    boolean severalStreams = header.sessions().size() > 1;
    return new SpeechExporter(
        header.payloadTypes(),
        (payload, ssrc, first) -> {
          Path file = severalStreams ? named(target, ssrc, format) : target;
          return sink(header, format, payload, ssrc, first, file, replace);
        },
        tally);
  }

  private static @Nullable SpeechSink sink(
      RecordingHeader header,
      Format format,
      PayloadFormat payload,
      int ssrc,
      byte[] first,
      Path file,
      boolean replace)
      throws IOException {
    if (format == Format.OGG) {
      return payload.is("opus")
          ? new OggOpusSink(new OutputFile(file, replace), ssrc, header)
          : null;
    }
    SpeechDecoder decoder = SpeechDecoder.of(payload, first);
    return decoder == null
        ? null
        : new WavSink(new OutputFile(file, replace), decoder, payload.clockRate());
  }

  /// `burst.wav` becomes `burst-1a2b3c4d.wav`.
  private static Path named(Path target, int ssrc, Format format) {
    String name = target.getFileName().toString();
    String stem =
        name.endsWith(format.suffix())
            ? name.substring(0, name.length() - format.suffix().length())
            : name;
    return target.resolveSibling("%s-%08x%s".formatted(stem, ssrc, format.suffix()));
  }
}
