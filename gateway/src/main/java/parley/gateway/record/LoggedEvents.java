package parley.gateway.record;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The events of a recorder as log lines; all that could be many are already rare.
final class LoggedEvents implements RecorderEvents {
  private static final Logger LOG = LoggerFactory.getLogger(RecorderEvents.class);

  @Override
  public void opened(Path file, RecordingHeader header) {
    LOG.info("recording {} of {} to {}", name(header), header.group(), file);
  }

  @Override
  public void closed(Path file, RecordingHeader header, String chainHead) {
    LOG.info("recording {} closed, chain head {}", file, chainHead);
  }

  @Override
  public void lost(RecordingHeader header, long packets, GapCause cause) {
    LOG.warn("recording {} misses {} packets: {}", name(header), packets, cause);
  }

  @Override
  public void diskFailed(RecordingHeader header, String sentence) {
    LOG.error("recording {} cannot be written: {}", name(header), sentence);
  }

  @Override
  public void diskRecovered(Path file, RecordingHeader header) {
    LOG.info("recording {} is written again", file);
  }

  @Override
  public void abandoned(RecordingHeader header, long lostPackets) {
    LOG.error("recording {} was given up with {} packets lost", name(header), lostPackets);
  }

  private static String name(RecordingHeader header) {
    return "%s csb %08x".formatted(header.speaker(), header.csbId());
  }
}
