package parley.gateway.keying;

import java.util.List;
import parley.gateway.media.Burst;

/// What the pool made of a new CSB: its keys, and an outbound CSB for every bridge.
final class Candidate implements AutoCloseable {
  final Burst burst;
  final List<PreparedBridge> bridges;

  Candidate(Burst burst, List<PreparedBridge> bridges) {
    this.burst = burst;
    this.bridges = List.copyOf(bridges);
  }

  /// For a candidate that was refused.
  @Override
  public void close() {
    burst.close();
    bridges.forEach(PreparedBridge::close);
  }
}
