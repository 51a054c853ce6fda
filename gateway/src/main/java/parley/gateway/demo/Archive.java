package parley.gateway.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import parley.gateway.record.CannotDecrypt;
import parley.gateway.record.ExportReport;
import parley.gateway.record.RecordingExport;
import parley.gateway.record.RecordingSummary;
import parley.gateway.ue.Speech;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;

/// The seventh act, after the gateway has closed: its vault and its recordings are all that is
/// left.
final class Archive {
  private final Stage stage;
  private final Path recordings;
  private final Path exports;

  Archive(Stage stage, Path recordings, Path exports) {
    this.stage = stage;
    this.recordings = recordings;
    this.exports = exports;
  }

  /// One entry for each turn, in the order of the turns.
  List<Archived> play(List<Turn> turns) throws IOException, VaultException, CannotDecrypt {
    stage.terminal().act("7. The recordings");
    Files.createDirectories(exports);
    List<RecordingSummary> found = new ArrayList<>();
    for (Path file : RecordingSummary.find(recordings)) {
      found.add(RecordingSummary.read(file));
    }
    List<Archived> archive = new ArrayList<>();
    try (Vault vault = stage.reopenVault("gateway")) {
      for (Turn turn : turns) {
        archive.add(archived(turn, archive.size() + 1, found, vault.recordingKey()));
      }
    }
    return archive;
  }

  private Archived archived(Turn turn, int number, List<RecordingSummary> found, RecordingKey key)
      throws IOException, CannotDecrypt {
    for (RecordingSummary recording : found) {
      if (recording.header().csbId() == turn.report().csbId()) {
        return export(
            recording, "%d-%s".formatted(number, Cast.shortName(turn.talker())), turn, key);
      }
    }
    stage.terminal().bad("nothing recorded of turn " + number);
    return new Archived("-", List.of(), List.of(), false);
  }

  private Archived export(RecordingSummary recording, String name, Turn turn, RecordingKey key)
      throws IOException, CannotDecrypt {
    List<Path> files = new ArrayList<>();
    boolean complete = true;
    for (RecordingExport.Format format : formats(turn)) {
      Path target = exports.resolve(name + format.suffix());
      ExportReport report =
          RecordingExport.export(recording.file(), key, format, target, true, _ -> {});
      complete &= report.isComplete();
      files.addAll(report.files());
      stage.terminal().check(report.isComplete(), "exported " + target);
    }
    List<byte[]> payloads = RecordingExport.payloads(recording.file(), key);
    return new Archived(recording.header().speaker(), payloads, List.copyOf(files), complete);
  }

  private static List<RecordingExport.Format> formats(Turn turn) {
    return turn.speech().payloadType() == Speech.OPUS
        ? List.of(RecordingExport.Format.WAV, RecordingExport.Format.OGG)
        : List.of(RecordingExport.Format.WAV);
  }
}
