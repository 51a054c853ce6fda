package parley.gateway.media;

import parley.srtp.PacketBatch;
import parley.srtp.Verdict;

/// Draws the consequences of each verdict: an accepted packet counts for its burst, a refused one
/// is counted by reason and loses its stream.
///
/// Confined to the group's loop.
final class Judge {
  private final GroupCounters counters;
  private final PendingEvents events;
  private final IvReuseWatch watch;

  Judge(GroupCounters counters, PendingEvents events, IvReuseWatch watch) {
    this.counters = counters;
    this.events = events;
    this.watch = watch;
  }

  void judge(PacketBatch sealed, PacketBatch plain, Arrivals arrivals) {
    for (int slot = 0; slot < sealed.size(); slot++) {
      Stream stream = arrivals.stream(slot);
      if (stream != null) {
        judge(stream, sealed, plain, slot, arrivals);
      }
    }
  }

  private void judge(
      Stream stream, PacketBatch sealed, PacketBatch plain, int slot, Arrivals arrivals) {
    Verdict verdict = sealed.verdict(slot);
    boolean isRtcp = arrivals.isRtcp(slot);
    if (verdict != Verdict.ACCEPTED) {
      refuse(DropReason.of(verdict), slot, arrivals);
      if (verdict == Verdict.REPLAYED && !isRtcp && watch.isReuse(stream, sealed, slot)) {
        events.ivReuse(stream.burst(), stream.ssrc());
      }
    } else if (stream.isBelowFloor(isRtcp, sealed.packetIndex(slot))) {
      refuse(DropReason.TOMBSTONE, slot, arrivals);
    } else {
      accept(stream, sealed, plain, slot, arrivals);
    }
  }

  private void accept(
      Stream stream, PacketBatch sealed, PacketBatch plain, int slot, Arrivals arrivals) {
    Burst burst = stream.burst();
    if (burst.packets() == 0) {
      events.firstPacket(burst);
    }
    stream.accepted(sealed.length(slot), arrivals.receivedUnixNanos(slot));
    if (!arrivals.isRtcp(slot)) {
      stream.recent().add(sealed, slot, stream.session().policy());
    } else if (CompoundRtcp.saysBye(plain, slot, stream.ssrc()) && burst.sayBye()) {
      events.bye(burst);
    }
  }

  private void refuse(DropReason reason, int slot, Arrivals arrivals) {
    arrivals.stream(slot, null);
    drop(reason, arrivals.leg(slot));
  }

  void drop(DropReason reason, LegCounters leg) {
    counters.drop(reason, leg);
  }
}
