package parley.gateway.media;

import java.util.List;
import java.util.function.Consumer;
import parley.srtp.PacketBatch;

/// Several taps as one.
final class MediaTaps implements MediaTap {
  private final MediaTap[] taps;

  MediaTaps(List<MediaTap> taps) {
    this.taps = taps.toArray(MediaTap[]::new);
  }

  @Override
  public void burstStarted(Burst burst) {
    tell(tap -> tap.burstStarted(burst));
  }

  @Override
  public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {
    tell(tap -> tap.announcement(burst, octets, receivedUnixNanos));
  }

  @Override
  public void packet(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    for (MediaTap tap : taps) {
      tap.packet(burst, stream, sealed, plain, slot, receivedUnixNanos);
    }
  }

  @Override
  public void rtcp(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    for (MediaTap tap : taps) {
      tap.rtcp(burst, stream, sealed, plain, slot, receivedUnixNanos);
    }
  }

  @Override
  public void burstEnded(Burst burst, BurstEnd why) {
    tell(tap -> tap.burstEnded(burst, why));
  }

  private void tell(Consumer<MediaTap> event) {
    for (MediaTap tap : taps) {
      event.accept(tap);
    }
  }
}
