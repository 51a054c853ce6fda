package parley.gateway.media;

import java.util.ArrayList;
import java.util.List;
import parley.srtp.PacketBatch;

/// Decides for each destination of an authenticated packet: the same octets forward to the group's
/// own legs, and re-keyed into every group that its stream is bridged to.
///
/// Confined to the group's loop.
final class Relay {
  private final FanOut fanOut;
  private final GroupCounters counters;
  private final List<Rekeying> rekeyings = new ArrayList<>();
  private RekeyOutput[] destinations = {};

  Relay(FanOut fanOut, GroupCounters counters) {
    this.fanOut = fanOut;
    this.counters = counters;
  }

  /// Queues every slot that still has a stream; what is muted is counted and goes to the taps
  /// alone.
  void relay(PacketBatch sealed, PacketBatch plain, Arrivals arrivals) {
    for (int slot = 0; slot < sealed.size(); slot++) {
      Stream stream = arrivals.stream(slot);
      if (stream != null && stream.burst().isMuted()) {
        counters.drop(DropReason.MUTED, arrivals.leg(slot));
      } else if (stream != null) {
        fanOut.send(sealed, slot, arrivals.isRtcp(slot), arrivals.leg(slot));
        rekey(stream, plain, slot, arrivals);
      }
    }
  }

  private void rekey(Stream stream, PacketBatch plain, int slot, Arrivals arrivals) {
    for (OutboundStream outbound : stream.outbound()) {
      outbound
          .rekeying()
          .destination()
          .rekeyOutput()
          .add(outbound, plain, slot, arrivals.isRtcp(slot), arrivals.receivedUnixNanos(slot));
    }
  }

  /// How many datagrams a packet may become, here and in the groups into which it is re-keyed.
  int outputs() {
    int outputs = fanOut.size();
    for (RekeyOutput destination : destinations) {
      outputs += destination.outputs();
    }
    return outputs;
  }

  private void listDestinations() {
    destinations =
        rekeyings.stream()
            .map(rekeying -> rekeying.destination().rekeyOutput())
            .distinct()
            .toArray(RekeyOutput[]::new);
  }

  /// Sends what is queued; afterwards the memory of the batches may be used again.
  void flush() {
    fanOut.flush();
    for (int i = 0; i < rekeyings.size(); i++) {
      rekeyings.get(i).destination().rekeyOutput().flush();
    }
  }

  /// Adds the re-keying to its inbound streams.
  void begin(Rekeying rekeying) {
    rekeying.destination().rekeyOutput().begin(rekeying);
    rekeyings.add(rekeying);
    listDestinations();
    for (OutboundStream outbound : rekeying.streams()) {
      Stream inbound = inbound(rekeying, outbound);
      List<OutboundStream> all = new ArrayList<>(List.of(inbound.outbound()));
      all.add(outbound);
      inbound.outbound(all.toArray(OutboundStream[]::new));
    }
  }

  /// Takes the re-keying off its inbound streams; false when it had ended before.
  boolean end(Rekeying rekeying) {
    if (!rekeyings.remove(rekeying)) {
      return false;
    }
    listDestinations();
    rekeying.destination().rekeyOutput().end(rekeying);
    for (OutboundStream outbound : rekeying.streams()) {
      Stream inbound = inbound(rekeying, outbound);
      List<OutboundStream> rest = new ArrayList<>(List.of(inbound.outbound()));
      rest.remove(outbound);
      inbound.outbound(rest.toArray(OutboundStream[]::new));
    }
    return true;
  }

  List<Rekeying> rekeyings() {
    return List.copyOf(rekeyings);
  }

  private static Stream inbound(Rekeying rekeying, OutboundStream outbound) {
    Stream inbound = rekeying.in().stream(outbound.inboundSsrc());
    if (inbound == null) {
      throw new IllegalStateException(rekeying + " has lost a stream");
    }
    return inbound;
  }
}
