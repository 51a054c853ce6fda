package parley.gateway.media;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// Several taps as one. All of them are told, whatever the others throw; then the last fault is
/// thrown.
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
    RuntimeException fault = null;
    for (MediaTap tap : taps) {
      try {
        tap.packet(burst, stream, sealed, plain, slot, receivedUnixNanos);
      } catch (RuntimeException e) {
        fault = e;
      }
    }
    rethrow(fault);
  }

  @Override
  public void rtcp(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    RuntimeException fault = null;
    for (MediaTap tap : taps) {
      try {
        tap.rtcp(burst, stream, sealed, plain, slot, receivedUnixNanos);
      } catch (RuntimeException e) {
        fault = e;
      }
    }
    rethrow(fault);
  }

  @Override
  public void burstEnded(Burst burst, BurstEnd why) {
    tell(tap -> tap.burstEnded(burst, why));
  }

  private void tell(Consumer<MediaTap> event) {
    RuntimeException fault = null;
    for (MediaTap tap : taps) {
      try {
        event.accept(tap);
      } catch (RuntimeException e) {
        fault = e;
      }
    }
    rethrow(fault);
  }

  private static void rethrow(@Nullable RuntimeException fault) {
    if (fault != null) {
      throw fault;
    }
  }
}
