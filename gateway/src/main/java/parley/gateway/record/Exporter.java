package parley.gateway.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Takes the decrypted packets of one recording in the order they came and writes files.
///
/// Files appear under their final names in [#finish]; [#close] before that leaves none.
interface Exporter extends Closeable {
  void rtp(RtpFrame frame) throws IOException;

  void rtcp(long receivedNanos, byte[] packet) throws IOException;

  /// Completes the files and returns their paths, in the order of the streams.
  List<Path> finish() throws IOException;
}
