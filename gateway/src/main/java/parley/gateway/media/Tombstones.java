package parley.gateway.media;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ended streams of one group, so that captured media cannot be played again behind a held-back
/// repeat of its announcement.
///
/// Bounded: the oldest make room. Only commands come here, no packet does. Confined to the group's
/// loop.
final class Tombstones {
  private record Key(int mki, int ssrc) {}

  private final Map<Key, Tombstone> byStream = new LinkedHashMap<>();
  private final int capacity;

  Tombstones(int capacity) {
    this.capacity = capacity;
  }

  void bury(int mki, int ssrc, Tombstone tombstone, long nowMillis) {
    byStream.values().removeIf(old -> old.expiresMillis() <= nowMillis);
    Key key = new Key(mki, ssrc);
    byStream.remove(key);
    if (byStream.size() == capacity) {
      byStream.remove(byStream.keySet().iterator().next());
    }
    byStream.put(key, tombstone);
  }

  /// Remembers everything that is remembered now for so much longer.
  void extend(long millis) {
    byStream.replaceAll((_, old) ->
        new Tombstone(old.rtpIndex(), old.rtcpIndex(), Math.addExact(old.expiresMillis(), millis)));
  }

  @Nullable Tombstone find(int mki, int ssrc, long nowMillis) {
    Tombstone found = byStream.get(new Key(mki, ssrc));
    return found == null || found.expiresMillis() <= nowMillis ? null : found;
  }
}
