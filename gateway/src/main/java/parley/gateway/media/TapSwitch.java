package parley.gateway.media;

import parley.srtp.PacketBatch;

/// A group's tap, which can be exchanged while packets pass. A fault of the tap costs what it was
/// told of and nothing else. Confined to the group's loop.
final class TapSwitch implements MediaTap {
  private final Faults faults;
  private MediaTap tap;

  TapSwitch(MediaTap tap, Faults faults) {
    this.tap = tap;
    this.faults = faults;
  }

  /// Hands over to another tap, as far as it is another: the former hears the end of every burst
  /// that runs, the new one the start.
  void exchange(MediaTap next, Iterable<Burst> running) {
    if (next.equals(tap)) {
      return;
    }
    running.forEach(burst -> burstEnded(burst, BurstEnd.CLOSED));
    tap = next;
    running.forEach(this::burstStarted);
  }

  @Override
  public void burstStarted(Burst burst) {
    try {
      tap.burstStarted(burst);
    } catch (RuntimeException e) {
      faults.note(DropReason.TAP_FAULT, e);
    }
  }

  @Override
  public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {
    try {
      tap.announcement(burst, octets, receivedUnixNanos);
    } catch (RuntimeException e) {
      faults.note(DropReason.TAP_FAULT, e);
    }
  }

  @Override
  public void packet(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    try {
      tap.packet(burst, stream, sealed, plain, slot, receivedUnixNanos);
    } catch (RuntimeException e) {
      faults.note(DropReason.TAP_FAULT, e);
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
    try {
      tap.rtcp(burst, stream, sealed, plain, slot, receivedUnixNanos);
    } catch (RuntimeException e) {
      faults.note(DropReason.TAP_FAULT, e);
    }
  }

  @Override
  public void burstEnded(Burst burst, BurstEnd why) {
    try {
      tap.burstEnded(burst, why);
    } catch (RuntimeException e) {
      faults.note(DropReason.TAP_FAULT, e);
    }
  }
}
