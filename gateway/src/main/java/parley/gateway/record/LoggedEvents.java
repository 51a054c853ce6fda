package parley.gateway.record;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The events of a recorder as log lines; all that could be many are already rare.
final class LoggedEvents implements RecorderEvents {
  private static final Logger LOG = LoggerFactory.getLogger(RecorderEvents.class);
  private static final long MEBI = 1 << 20;

  @Override
  public void opened(Path file, RecordingHeader header) {
    about(LOG.atInfo(), header).addKeyValue("file", file.toString()).log("recording");
  }

  @Override
  public void closed(Path file, RecordingHeader header, String chainHead) {
    about(LOG.atInfo(), header)
        .addKeyValue("file", file.toString())
        .addKeyValue("chainHead", chainHead)
        .log("recording closed");
  }

  @Override
  public void lost(RecordingHeader header, long packets, GapCause cause) {
    about(LOG.atWarn(), header)
        .addKeyValue("packets", packets)
        .addKeyValue("cause", cause.name())
        .log("recording has a gap");
  }

  @Override
  public void continued(Path gone, Path file, RecordingHeader header) {
    about(LOG.atError(), header)
        .addKeyValue("gone", gone.toString())
        .addKeyValue("file", file.toString())
        .addKeyValue("packetsBefore", header.packetsBefore())
        .log(
            "ALARM: a recording was taken away while it was written and goes on in another file;"
                + " find out who removed it and restore it");
  }

  @Override
  public void abandoned(RecordingHeader header, long lostPackets) {
    about(LOG.atError(), header)
        .addKeyValue("lost", lostPackets)
        .log("ALARM: a recording was given up, its end could not be written");
  }

  @Override
  public void diskFailed(String sentence) {
    LOG.atError().log("ALARM: recordings cannot be written: {}", sentence);
  }

  @Override
  public void diskRecovered(long lostPackets) {
    LOG.atInfo()
        .addKeyValue("lost", lostPackets)
        .log("over: recordings are written again; {} packets are missing in them", lostPackets);
  }

  @Override
  public void diskStalled(long seconds) {
    LOG.atError()
        .log(
            "ALARM: the disk of recordings has not answered for {} s; packets wait in memory until"
                + " it is full, then they are lost; relaying goes on; look at the disk",
            seconds);
  }

  @Override
  public void diskStallOver(long lostPackets) {
    LOG.atInfo()
        .addKeyValue("lost", lostPackets)
        .log("over: the disk of recordings answers again; {} packets were lost", lostPackets);
  }

  @Override
  public void diskLow(long freeOctets, long warnBelowOctets) {
    LOG.atWarn()
        .addKeyValue("free", freeOctets)
        .log(
            "ALARM: {} MiB are free on the disk of recordings (record.warn-below: {} MiB); move or"
                + " delete old recordings, or enlarge the disk",
            freeOctets / MEBI,
            warnBelowOctets / MEBI);
  }

  @Override
  public void diskLowOver(long freeOctets) {
    LOG.atInfo()
        .addKeyValue("free", freeOctets)
        .log("over: {} MiB are free on the disk of recordings", freeOctets / MEBI);
  }

  private static LoggingEventBuilder about(LoggingEventBuilder line, RecordingHeader header) {
    return line.addKeyValue("speaker", header.speaker())
        .addKeyValue("group", header.group().uri())
        .addKeyValue("csb", "%08x".formatted(header.csbId()));
  }
}
