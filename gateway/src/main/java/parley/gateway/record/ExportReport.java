package parley.gateway.record;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What became of one export.
///
/// @param files written, in the order of the streams
/// @param packets SRTP packets in the recording, of which `opened` verified and were decrypted
/// @param refused packets that did not, by reason
/// @param announcements verified again, apart from the `refusedAnnouncements`, which say why
/// @param lost packets that the gateway received and could not record, as its gap records say
/// @param missing RTP packets that the sequence numbers show to be missing, `lost` ones included
/// @param unreadable payloads that no decoder takes
/// @param unsupported packets of payload types that this format cannot hold
/// @param overlapping packets whose time was taken already
/// @param timestampJumps where the sender's timestamps started anew
public record ExportReport(
    RecordingHeader header,
    List<Path> files,
    Integrity integrity,
    long packets,
    long opened,
    Map<String, Long> refused,
    long announcements,
    List<String> refusedAnnouncements,
    long lost,
    long missing,
    long unreadable,
    long unsupported,
    long overlapping,
    long timestampJumps) {
  public ExportReport {
    files = List.copyOf(files);
    refused = Map.copyOf(refused);
    refusedAnnouncements = List.copyOf(refusedAnnouncements);
  }

  /// Whether everything that was recorded is authentic, unaltered and in the export. What was never
  /// recorded, and a tail cut by a kill, do not count.
  public boolean isComplete() {
    return integrity.isUnaltered()
        && refused.isEmpty()
        && refusedAnnouncements.isEmpty()
        && announcements > 0
        && unreadable + unsupported == 0
        && !files.isEmpty();
  }
}
