package parley.gateway.record;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summarizingLong;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
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

  /// Indices that were not heard, from the one that the first announcement signed, or the lowest
  /// heard where that lies before it, up to the highest; over all streams.
  public long missing() {
    Map<Integer, LongSummaryStatistics> streams =
        frames.stream().collect(groupingBy(RtpFrame::ssrc, summarizingLong(RtpFrame::index)));
    return streams.entrySet().stream()
        .mapToLong(stream -> {
          LongSummaryStatistics heard = stream.getValue();
          long first = Math.min(heard.getMin(), announced(stream.getKey(), heard.getMin()));
          return heard.getMax() - first + 1 - heard.getCount();
        })
        .sum();
  }

  private long announced(int ssrc, long unknown) {
    return header.sessions().stream()
        .filter(session -> session.ssrc() == ssrc && session.nextIndex() >= 0)
        .mapToLong(RecordingHeader.Session::nextIndex)
        .findFirst()
        .orElse(unknown);
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
