package parley.bench.relay;

import java.util.List;

/// How packets get in and out of the gateway.
enum GatewayPath {
  BATCH("batch", false),
  BATCH_LOW_LATENCY("batch no-tick", true),
  NETTY("netty", false);

  private final String label;
  private final boolean lowLatency;

  GatewayPath(String label, boolean lowLatency) {
    this.label = label;
    this.lowLatency = lowLatency;
  }

  String label() {
    return label;
  }

  /// What may stand behind `io:` in the block `media`; the first that the gateway knows is used.
  /// `epoll` is what the Netty path was called while there was no other.
  List<String> names() {
    return this == NETTY ? List.of("netty", "epoll") : List.of("batch, tick: 1ms");
  }

  /// Whether the group asks for low latency.
  boolean isLowLatency() {
    return lowLatency;
  }
}
