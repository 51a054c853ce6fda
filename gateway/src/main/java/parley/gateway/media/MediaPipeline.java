package parley.gateway.media;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpTransform;

/// The order of a packet's steps, and the only place where it is decided.
///
/// Confined to the group's loop. Nothing is allocated for a packet, save the octets of a MIKEY
/// message.
final class MediaPipeline {
  private final GroupMedia group;
  private final StreamFinder finder;
  private final SrtpTransform transform;
  private final Judge judge;
  private final Relay relay;
  private final MediaTap tap;
  private final PendingEvents events;
  private final Faults faults;
  private final PacketBatch plain = ReceivedBatch.newBatch();
  private final Arrivals arrivals = new Arrivals(ReceivedBatch.SLOTS);
  private @Nullable MikeySink mikey;

  MediaPipeline(
      GroupMedia group,
      StreamFinder finder,
      SrtpTransform transform,
      Judge judge,
      Relay relay,
      MediaTap tap,
      PendingEvents events,
      Faults faults) {
    this.group = group;
    this.finder = finder;
    this.transform = transform;
    this.judge = judge;
    this.relay = relay;
    this.tap = tap;
    this.events = events;
    this.faults = faults;
  }

  void open(MikeySink sink, MediaEvents listener) {
    mikey = sink;
    events.open(listener);
  }

  /// What a port received: sorted by octets, given to its stream, held, or dropped by name.
  void read(MediaPort port, LegCounters leg, ReceivedBatch batch) {
    PacketBatch sealed = batch.packets();
    if (batch.overflowed() > 0) {
      leg.lost(DropReason.RECEIVE_FULL, batch.overflowed());
    }
    for (int slot = 0; slot < sealed.size(); slot++) {
      PacketKind kind = PacketSorter.sort(sealed, slot);
      leg.packet(sealed.length(slot));
      arrivals.note(slot, kind, leg, batch.receivedUnixNanos(slot));
      switch (kind) {
        case RTP, RTCP -> finder.findOrHold(batch, slot, arrivals);
        case MIKEY -> handOver(port, leg, batch, slot);
        case TOO_SHORT -> judge.drop(DropReason.TOO_SHORT, leg);
        case OVERSIZED -> judge.drop(DropReason.OVERSIZED, leg);
        case RUBBISH -> judge.drop(DropReason.RUBBISH, leg);
      }
    }
    carry(sealed, arrivals);
  }

  /// What waited for its announcement takes up its journey where it stopped.
  void release(HeldMedia held) {
    for (int slot = 0; slot < held.packets().size(); slot++) {
      finder.find(held.packets(), slot, held.arrivals());
    }
    carry(held.packets(), held.arrivals());
  }

  private void carry(PacketBatch sealed, Arrivals arrived) {
    try {
      transform.unprotect(sealed, plain); // into other memory: the relay forwards the sealed octets
      judge.judge(sealed, plain, arrived); // what is refused loses its stream and goes no further
      relay.relay(sealed, plain, arrived); // forward, or re-key
      tap(sealed, arrived);
    } finally {
      relay.flush(); // from here on nobody reads the batches any more, whatever went wrong
    }
    events.tell();
  }

  private void tap(PacketBatch sealed, Arrivals arrived) {
    for (int slot = 0; slot < sealed.size(); slot++) {
      Stream stream = arrived.stream(slot);
      long nanos = arrived.receivedUnixNanos(slot);
      if (stream != null && arrived.isRtcp(slot)) {
        tap.rtcp(stream.burst(), stream, sealed, plain, slot, nanos);
      } else if (stream != null) {
        tap.packet(stream.burst(), stream, sealed, plain, slot, nanos);
      }
    }
  }

  /// A fault in there is no reason to lose what else the batch has brought.
  private void handOver(MediaPort port, LegCounters leg, ReceivedBatch batch, int slot) {
    MikeySink sink = Objects.requireNonNull(mikey, "the group is not open");
    byte[] octets = batch.packets().octets(slot);
    try {
      sink.mikey(group, port, batch.source(slot), octets, batch.receivedUnixNanos(slot));
    } catch (RuntimeException e) {
      faults.note(DropReason.MIKEY_FAULT, leg, e);
    }
  }
}
