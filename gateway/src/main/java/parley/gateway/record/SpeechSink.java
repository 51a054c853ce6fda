package parley.gateway.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/// One stream's speech on its way into a file: frames in the order of time, silence between them.
interface SpeechSink extends Closeable {
  /// What became of a frame.
  enum Placed {
    WRITTEN,
    /// No decoder takes it; its time is silence.
    UNREADABLE,
    /// The file has its time already.
    OVERLAPPING
  }

  /// @param tick where the frame starts, in ticks of the stream's RTP clock
  Placed frame(long tick, byte[] payload) throws IOException;

  Path finish() throws IOException;
}
