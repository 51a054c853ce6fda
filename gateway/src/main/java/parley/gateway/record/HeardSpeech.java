package parley.gateway.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Burst;
import parley.mikey.identity.Identity;

/// What a terminal heard of one burst, in memory; becomes a file just as an export of a recording
/// does. Not thread-safe.
public final class HeardSpeech {
  private final RecordingHeader header;
  private final List<RtpFrame> frames = new ArrayList<>();

  public HeardSpeech(Burst burst, Identity listener) {
    this.header = BurstHeader.of(burst, new byte[0], listener, PayloadTypes.defaults());
  }

  /// Keeps one decrypted packet, which is not to be changed any more; in any order.
  public void add(byte[] packet, long index, long receivedUnixNanos) {
    frames.add(new RtpFrame(packet, receivedUnixNanos, index));
  }

  public int packets() {
    return frames.size();
  }

  /// Indices between the lowest and the highest that were not heard.
  public long missing() {
    var span = frames.stream().mapToLong(RtpFrame::index).summaryStatistics();
    return frames.isEmpty() ? 0 : span.getMax() - span.getMin() + 1 - frames.size();
  }

  /// The RTP payloads in the order in which they were spoken.
  public List<byte[]> payloads() {
    return frames.stream()
        .sorted(Comparator.comparingLong(RtpFrame::index))
        .map(RtpFrame::payload)
        .toList();
  }

  /// `.ogg` where the first packet is Opus, else `.wav`.
  public String suffix() {
    PayloadFormat format =
        frames.isEmpty() ? null : header.payloadTypes().find(frames.getFirst().payloadType());
    return format != null && format.is("opus") ? ".ogg" : ".wav";
  }

  /// Writes Opus packets as they came where `target` ends in `.ogg`, else decoded speech; nothing
  /// where the payloads do not fit.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException when there is such a file
  public List<Path> write(Path target) throws IOException {
    try (var exporter =
        new SpeechExporter(header.payloadTypes(), opener(target), new ExportTally())) {
      for (RtpFrame frame : frames) {
        exporter.rtp(frame);
      }
      return exporter.finish();
    }
  }

  private SpeechStream.SinkOpener opener(Path target) {
    boolean ogg = target.toString().toLowerCase(Locale.ROOT).endsWith(".ogg");
    return (format, ssrc, first) -> ogg ? ogg(target, format, ssrc) : wav(target, format, first);
  }

  private @Nullable SpeechSink ogg(Path target, PayloadFormat format, int ssrc) throws IOException {
    return format.is("opus") ? new OggOpusSink(new OutputFile(target, false), ssrc, header) : null;
  }

  private static @Nullable SpeechSink wav(Path target, PayloadFormat format, byte[] first)
      throws IOException {
    SpeechDecoder decoder = SpeechDecoder.of(format, first);
    return decoder == null
        ? null
        : new WavSink(new OutputFile(target, false), decoder, format.clockRate());
  }
}
