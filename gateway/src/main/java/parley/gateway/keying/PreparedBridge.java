package parley.gateway.keying;

import java.util.List;
import parley.gateway.media.Burst;
import parley.gateway.media.RekeyedStream;
import parley.mikey.group.GskAnnouncement;

/// An outbound CSB that is ready to be announced: made by the pool, used or closed by the loop.
final class PreparedBridge implements AutoCloseable {
  final Bridge bridge;
  final GskAnnouncement announcement;
  final Burst out;
  final List<RekeyedStream> streams;

  PreparedBridge(
      Bridge bridge, GskAnnouncement announcement, Burst out, List<RekeyedStream> streams) {
    this.bridge = bridge;
    this.announcement = announcement;
    this.out = out;
    this.streams = List.copyOf(streams);
  }

  /// Only for one that was never started.
  @Override
  public void close() {
    announcement.close();
    out.close();
    streams.forEach(s -> s.session().close());
  }
}
