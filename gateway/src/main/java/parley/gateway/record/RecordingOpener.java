package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;
import parley.keys.vault.RecordingKey;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.Verdict;

/// Reads a recording, verifies what was announced, decrypts what was said, and hands it on.
final class RecordingOpener implements AutoCloseable {
  private static final int PROGRESS_EVERY = 256;

  private final RecordingReader reader;
  private final RecordedKeys keys;
  private final PacketOpener packets;
  private final AnnouncementCheck check;
  private final Map<String, Long> refused = new TreeMap<>();
  private final List<String> refusedAnnouncements = new ArrayList<>();
  private long opened;
  private long announcements;

  private RecordingOpener(RecordingReader reader, RecordingKey key)
      throws IOException, CannotDecrypt {
    this.reader = reader;
    this.check = new AnnouncementCheck(reader.header());
    CipherEngine engine = CipherEngines.jce();
    this.keys = RecordedKeys.of(reader.header(), key, engine);
    this.packets = new PacketOpener(keys, engine);
  }

  static RecordingOpener open(Path recording, RecordingKey key) throws IOException, CannotDecrypt {
    RecordingReader reader = RecordingReader.open(recording);
    try {
      return new RecordingOpener(reader, key);
    } catch (NotARecording e) {
      reader.close();
      throw new NotARecording(recording + " " + e.getMessage(), e);
    } catch (IOException | CannotDecrypt | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  RecordingHeader header() {
    return reader.header();
  }

  /// Hands every packet that verifies to `exporter`, in the order they came.
  void readAll(Exporter exporter, DoubleConsumer progress) throws IOException {
    long entries = 0;
    for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
      handle(entry, exporter);
      if (++entries % PROGRESS_EVERY == 0) {
        progress.accept(reader.progress());
      }
    }
    progress.accept(1);
  }

  private void handle(Entry entry, Exporter exporter) throws IOException {
    switch (entry) {
      case Entry.Announcement announcement -> verify(announcement.octets());
      case Entry.Srtp srtp -> {
        if (isOpened(packets.open(srtp), "")) {
          opened++;
          exporter.rtp(new RtpFrame(packets.opened(), srtp.receivedNanos(), srtp.index()));
        }
      }
      case Entry.Srtcp srtcp -> {
        if (isOpened(packets.open(srtcp), "RTCP ")) {
          exporter.rtcp(srtcp.receivedNanos(), packets.opened());
        }
      }
      case Entry.Gap _, Entry.End _ -> {} // the reader counts them
    }
  }

  private boolean isOpened(Verdict verdict, String prefix) {
    if (verdict != Verdict.ACCEPTED) {
      refused.merge(prefix + verdict, 1L, Long::sum);
    }
    return verdict == Verdict.ACCEPTED;
  }

  private void verify(ByteBuffer octets) throws IOException {
    var message = new byte[octets.remaining()];
    octets.get(message);
    String wrong = check.check(message);
    if (wrong.isEmpty()) {
      announcements++;
    } else {
      refusedAnnouncements.add(wrong);
    }
  }

  ExportReport report(List<Path> files, ExportTally tally) {
    return new ExportReport(
        header(),
        files,
        reader.integrity(),
        reader.totals().srtpPackets(),
        opened,
        refused,
        announcements,
        refusedAnnouncements,
        reader.totals().lostPackets(),
        tally.missing,
        tally.unreadable,
        tally.unsupported,
        tally.overlapping,
        tally.timestampJumps);
  }

  @Override
  public void close() throws IOException {
    keys.close();
    reader.close();
  }
}
