package parley.bench.relay;

/// No relay at all: what latency the sender and the receiver have by themselves.
final class DirectPath implements Contestant {
  private static final int SSRC = 0x0d1e_c700;

  @Override
  public String relay() {
    return "none";
  }

  @Override
  public String mode() {
    return "direct";
  }

  @Override
  public Running start(Testbed bed, int fanout) throws Exception {
    Receiver receiver = Receiver.open(bed, 1);
    return new Running(
        bed,
        receiver,
        PacketSource.clear(SSRC, 0, RelayKeys.TRAILER_OCTETS),
        receiver.firstPort(),
        "sender to receiver, nothing between",
        null);
  }
}
