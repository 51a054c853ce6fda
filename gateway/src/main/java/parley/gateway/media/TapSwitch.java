package parley.gateway.media;

import parley.srtp.PacketBatch;

/// A group's tap, which can be exchanged while packets pass. Confined to the group's loop.
final class TapSwitch implements MediaTap {
  private MediaTap tap;

  TapSwitch(MediaTap tap) {
    this.tap = tap;
  }

  /// Hands over to another tap, as far as it is another: the former hears the end of every burst
  /// that runs, the new one the start.
  void exchange(MediaTap next, Iterable<Burst> running) {
    if (next.equals(tap)) {
      return;
    }
    running.forEach(burst -> tap.burstEnded(burst, BurstEnd.CLOSED));
    tap = next;
    running.forEach(this::burstStarted);
  }

  @Override
  public void burstStarted(Burst burst) {
    tap.burstStarted(burst);
  }

  @Override
  public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {
    tap.announcement(burst, octets, receivedUnixNanos);
  }

  @Override
  public void packet(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    tap.packet(burst, stream, sealed, plain, slot, receivedUnixNanos);
  }

  @Override
  public void rtcp(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    tap.rtcp(burst, stream, sealed, plain, slot, receivedUnixNanos);
  }

  @Override
  public void burstEnded(Burst burst, BurstEnd why) {
    tap.burstEnded(burst, why);
  }
}
