package parley.gateway.record;

import java.nio.file.Path;

/// What happens to recordings, told on the writer's thread (a stall on a thread of its own); a
/// listener that takes its time delays the writing, never the media.
public interface RecorderEvents {
  /// The file is there, its header safely on the device.
  default void opened(Path file, RecordingHeader header) {}

  /// @param chainHead SHA-256 over all blocks, in hexadecimal; kept elsewhere it proves that the
  ///   file is unaltered
  default void closed(Path file, RecordingHeader header, String chainHead) {}

  /// Alarm: packets did not reach the file; a gap record says so in it.
  default void lost(RecordingHeader header, long packets, GapCause cause) {}

  /// Alarm: a file was removed, moved or taken away with its disk while it was written; the
  /// recording goes on in another.
  ///
  /// @param header of the new file, which names the one that is gone
  default void continued(Path gone, Path file, RecordingHeader header) {}

  /// Alarm: the burst is over and its end could not be written; what was flushed stays.
  default void abandoned(RecordingHeader header, long lostPackets) {}

  /// Alarm: recordings cannot be written. Writing is tried again; told once until all of them can.
  ///
  /// @param sentence what is wrong, what to do
  default void diskFailed(String sentence) {}

  /// Every recording is written again; what did not fit in memory meanwhile is a gap in its file.
  ///
  /// @param lostPackets since the disk failed
  default void diskRecovered(long lostPackets) {}

  /// Alarm: the disk has neither written nor refused for so long; packets wait, then they are lost.
  default void diskStalled(long seconds) {}

  /// The disk answers again.
  ///
  /// @param lostPackets since the alarm
  default void diskStallOver(long lostPackets) {}

  /// Alarm: less than `warnBelowOctets` are free on the disk of recordings.
  default void diskLow(long freeOctets, long warnBelowOctets) {}

  /// There is room again.
  default void diskLowOver(long freeOctets) {}

  /// Blocks of this recording reached the device.
  default void flushed(Path file, long octets) {}

  static RecorderEvents none() {
    return new RecorderEvents() {};
  }

  /// One log line for each event but [#flushed].
  static RecorderEvents logging() {
    return new LoggedEvents();
  }
}
