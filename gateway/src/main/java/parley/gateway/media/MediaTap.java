package parley.gateway.media;

import java.util.List;
import parley.srtp.PacketBatch;

/// Hears what passes through a group: the recorder, a UE that plays.
///
/// Called on the group's loop. Must not block, allocate for a packet, or keep the batches: they are
/// reused as soon as the call returns. What it throws costs it what it was told of, and is counted
/// as `TAP_FAULT`.
public interface MediaTap {
  /// Before anything else is told of this burst.
  void burstStarted(Burst burst);

  /// An announcement of this burst, the first or a repeat, as received.
  void announcement(Burst burst, byte[] octets, long receivedUnixNanos);

  /// An RTP packet that authenticated: the same slot of both batches, as received and in clear.
  void packet(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos);

  /// An RTCP packet that authenticated.
  void rtcp(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos);

  /// Nothing more is told of this burst.
  void burstEnded(Burst burst, BurstEnd why);

  static MediaTap none() {
    return of();
  }

  /// All of these, in this order.
  static MediaTap of(MediaTap... taps) {
    return taps.length == 1 ? taps[0] : new MediaTaps(List.of(taps));
  }
}
