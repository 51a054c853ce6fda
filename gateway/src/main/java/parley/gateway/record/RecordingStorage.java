package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// Where recordings are written to; a seam, so that tests can bring a disk that fails.
interface RecordingStorage {
  /// Makes a new, empty file that only its owner can read; never one that was there before.
  Sink create(RecordingHeader header) throws IOException;

  /// One file being written.
  interface Sink extends AutoCloseable {
    Path path();

    /// Writes all of `octets` at `position`; they are on the device on return.
    void write(ByteBuffer octets, long position) throws IOException;

    @Override
    void close();
  }
}
