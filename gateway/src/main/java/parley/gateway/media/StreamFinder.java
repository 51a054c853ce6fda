package parley.gateway.media;

import java.util.function.IntPredicate;
import parley.srtp.PacketBatch;

/// Gives each packet its stream, or finds out why it has none.
///
/// Confined to the group's loop.
final class StreamFinder {
  private final StreamTable streams;
  private final EarlyMedia early;
  private final IntPredicate isOwn;
  private final GroupCounters counters;
  private final PendingEvents events;

  /// @param isOwn whether this gateway itself sends under an SSRC in this group
  StreamFinder(
      StreamTable streams,
      EarlyMedia early,
      IntPredicate isOwn,
      GroupCounters counters,
      PendingEvents events) {
    this.streams = streams;
    this.early = early;
    this.isOwn = isOwn;
    this.counters = counters;
    this.events = events;
  }

  /// As [#find], but a packet whose announcement is being verified is held.
  void findOrHold(ReceivedBatch batch, int slot, Arrivals arrivals) {
    PacketBatch sealed = batch.packets();
    int ssrc = PacketSorter.ssrc(sealed, slot, arrivals.isRtcp(slot));
    if (assign(sealed, slot, ssrc, arrivals)) {
      return;
    }
    HeldMedia held = early.find(sealed, slot, ssrc);
    if (held == null) {
      miss(batch, slot, ssrc, arrivals);
    } else if (!held.add(sealed, arrivals, slot)) {
      counters.drop(DropReason.HOLD_FULL, arrivals.leg(slot));
    }
  }

  /// Finds the stream by SSRC and MKI and gives the slot its context, or drops and counts it.
  void find(PacketBatch sealed, int slot, Arrivals arrivals) {
    int ssrc = PacketSorter.ssrc(sealed, slot, arrivals.isRtcp(slot));
    if (!assign(sealed, slot, ssrc, arrivals)) {
      counters.drop(missing(ssrc), arrivals.leg(slot));
    }
  }

  private boolean assign(PacketBatch sealed, int slot, int ssrc, Arrivals arrivals) {
    boolean isRtcp = arrivals.isRtcp(slot);
    boolean mkiOptional = arrivals.leg(slot).leg().mkiOptional();
    Stream stream = streams.find(sealed, slot, ssrc, isRtcp, mkiOptional);
    if (stream == null) {
      return false;
    }
    if (stream.isOfEarlierLife(sealed, slot, isRtcp)) {
      counters.drop(DropReason.TOMBSTONE, arrivals.leg(slot));
      return true;
    }
    arrivals.stream(slot, stream);
    sealed.context(slot, isRtcp ? stream.rtcp() : stream.rtp());
    return true;
  }

  private void miss(ReceivedBatch batch, int slot, int ssrc, Arrivals arrivals) {
    DropReason reason = missing(ssrc);
    counters.drop(reason, arrivals.leg(slot));
    if (reason == DropReason.UNKNOWN_SSRC) {
      PacketBatch packets = batch.packets();
      int lastWord = packets.offset(slot) + packets.length(slot) - 4;
      events.unknownStream(ssrc, packets.buffer().getInt(lastWord), batch.source(slot));
    }
  }

  private DropReason missing(int ssrc) {
    if (isOwn.test(ssrc)) {
      return DropReason.OWN_SSRC;
    }
    return streams.knows(ssrc) ? DropReason.WRONG_MKI : DropReason.UNKNOWN_SSRC;
  }
}
