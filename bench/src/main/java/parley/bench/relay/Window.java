package parley.bench.relay;

/// One window: so many packets offered at a rate, and what became of them.
///
/// @param offered packets sent to the relay
/// @param elapsedNanos how long the sender took
/// @param cpuNanos what the relay's process used meanwhile
/// @param nextCpuNanos what the process behind it used; 0 where there is none
/// @param allocatedOctets what it allocated meanwhile, or -1
public record Window(
    int offered,
    int fanout,
    double rate,
    long elapsedNanos,
    long cpuNanos,
    long nextCpuNanos,
    long allocatedOctets,
    Received received) {

  public double cpuNanosPerOutput() {
    return (double) cpuNanos / Math.max(1, received.packets());
  }

  public double nextCpuNanosPerOutput() {
    return (double) nextCpuNanos / Math.max(1, received.packets());
  }

  double allocatedPerPacket() {
    return allocatedOctets < 0 ? Double.NaN : (double) allocatedOctets / offered;
  }

  /// Of all packets at all ports, in percent.
  public double lossPercent() {
    long wanted = (long) offered * fanout;
    return 100.0 * (wanted - received.packets()) / wanted;
  }

  /// What the sender really reached, in packets a second.
  public double rateIn() {
    return offered * 1e9 / elapsedNanos;
  }

  double rateOut() {
    return received.packets() * 1e9 / elapsedNanos;
  }

  /// Whether the sender fell so far behind that this says nothing of the relay.
  boolean isSenderLate() {
    return rateIn() < 0.97 * rate;
  }

  /// Whether sender or receiver came to their end, so that this says nothing of the relay.
  public boolean isRigAtItsEnd() {
    return isSenderLate() || received.dropped() > 0;
  }
}
