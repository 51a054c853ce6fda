package parley.gateway.media;

import parley.srtp.PacketBatch;

/// Receives for the ports of one loop straight into the slots of its [ReceivedBatch]. Confined to
/// the loop; allocates nothing.
final class ReceiveRing {
  private final ReceivedBatch batch;
  private final ReceiveHeaders headers;

  ReceiveRing(ReceivedBatch batch, UnixNanos clock) {
    this.batch = batch;
    headers = new ReceiveHeaders(ReceivedBatch.SLOTS, clock);
    PacketBatch packets = batch.packets();
    for (int slot = 0; slot < ReceivedBatch.SLOTS; slot++) {
      headers.place(slot, packets.memory().address() + packets.offset(slot), packets.slotOctets());
    }
  }

  /// Receives up to `most` packets into the empty batch.
  ///
  /// @return how many came; not positive for none
  int read(LinuxCalls calls, int fd, int most) {
    int came = headers.receive(calls, fd, most);
    for (int slot = 0; slot < came; slot++) {
      headers.read(slot);
      batch.add(headers.octets(slot), headers, headers.receivedUnixNanos());
    }
    return came;
  }

  int takeOverflow() {
    return headers.takeOverflow();
  }
}
