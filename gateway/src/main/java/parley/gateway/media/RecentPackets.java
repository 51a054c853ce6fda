package parley.gateway.media;

import java.util.Arrays;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpPolicy;

/// The first octets of the trailers of a stream's latest packets, by index.
///
/// A replay has the same trailer as the packet it repeats; a second packet sealed under the same
/// index has another.
final class RecentPackets {
  private static final int REMEMBERED = 64;

  private final long[] indexes = new long[REMEMBERED];
  private final long[] trailers = new long[REMEMBERED];

  RecentPackets() {
    Arrays.fill(indexes, -1);
  }

  void add(PacketBatch sealed, int slot, SrtpPolicy policy) {
    long index = sealed.packetIndex(slot);
    int place = (int) (index % REMEMBERED);
    indexes[place] = index;
    trailers[place] = trailer(sealed, slot, policy);
  }

  /// Whether a packet of this index is remembered, and was another.
  boolean wasOther(PacketBatch sealed, int slot, SrtpPolicy policy) {
    long index = sealed.packetIndex(slot);
    int place = (int) (index % REMEMBERED);
    return indexes[place] == index && trailers[place] != trailer(sealed, slot, policy);
  }

  private static long trailer(PacketBatch sealed, int slot, SrtpPolicy policy) {
    int at = sealed.offset(slot) + sealed.length(slot) - policy.srtpTrailerOctets();
    return sealed.buffer().getLong(at);
  }
}
