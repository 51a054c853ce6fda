package parley.gateway.record;

import java.nio.file.Path;

/// What happens to recordings, told on the writer's thread; a listener that takes its time delays
/// the writing, never the media.
public interface RecorderEvents {
  /// The file is there, its header safely on the device.
  default void opened(Path file, RecordingHeader header) {}

  /// @param chainHead SHA-256 over all blocks, in hexadecimal; kept elsewhere it proves that the
  ///   file is unaltered
  default void closed(Path file, RecordingHeader header, String chainHead) {}

  /// Alarm: packets did not reach the file; a gap record says so in it.
  default void lost(RecordingHeader header, long packets, GapCause cause) {}

  /// Alarm: a recording cannot be written. Writing is tried again; told once until it succeeds.
  ///
  /// @param sentence which file, why, what to do
  default void diskFailed(RecordingHeader header, String sentence) {}

  /// Writing works again; what did not fit in memory meanwhile is a gap.
  default void diskRecovered(Path file, RecordingHeader header) {}

  /// Alarm: the burst is over and its end could not be written; what was flushed stays.
  default void abandoned(RecordingHeader header, long lostPackets) {}

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
