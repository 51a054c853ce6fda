package parley.gateway.record;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a recording tells without any key.
///
/// @param endReason why the burst ended, empty for an unclosed recording
public record RecordingSummary(
    Path file,
    RecordingHeader header,
    Integrity integrity,
    Optional<String> endReason,
    Duration duration,
    long srtpPackets,
    long srtpOctets,
    long srtcpPackets,
    long announcements,
    long gaps,
    long lostPackets) {

  /// Reads the whole file and verifies its checksums and its chain.
  ///
  /// @throws NotARecording when the file's own description cannot be read
  public static RecordingSummary read(Path file) throws IOException {
    try (RecordingReader reader = RecordingReader.open(file)) {
      reader.readAll();
      ReadTotals totals = reader.totals();
      return new RecordingSummary(
          file,
          reader.header(),
          reader.integrity(),
          Optional.ofNullable(reader.end()).map(Entry.End::reason),
          Duration.ofNanos(totals.nanos()),
          totals.srtpPackets(),
          totals.srtpOctets(),
          totals.srtcpPackets(),
          totals.announcements(),
          totals.gaps(),
          totals.lostPackets());
    }
  }

  /// Every file below `directory` that is named as a recording, oldest first within a group.
  public static List<Path> find(Path directory) throws IOException {
    return RecordingDirectory.list(directory);
  }

  /// The header's lines as they stand in the file, `name: value`.
  public List<String> headerLines() {
    return header.fields().lines();
  }
}
