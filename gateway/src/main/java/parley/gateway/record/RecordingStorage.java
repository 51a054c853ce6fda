package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;

/// Where recordings are written to; a seam, so that tests can bring a disk that fails.
interface RecordingStorage {
  /// Makes a new, empty file that only its owner can read; never one that was there before.
  Sink create(RecordingHeader header) throws IOException;

  /// What can still be written to the disk; empty where nobody can tell.
  default OptionalLong freeOctets() throws IOException {
    return OptionalLong.empty();
  }

  /// One file being written.
  interface Sink extends AutoCloseable {
    Path path();

    /// Whether [#path] still leads to the file that is written: false when it was removed, moved or
    /// taken away with its disk, where an open file would go on to be written into nowhere.
    ///
    /// @throws IOException when the disk does not even tell
    boolean isInPlace() throws IOException;

    /// Writes all of `octets` at `position`; they are on the device on return.
    void write(ByteBuffer octets, long position) throws IOException;

    @Override
    void close();
  }
}
