package parley.bench.relay;

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

  /// What stands behind `io:` in the block `media`.
  String io() {
    return this == NETTY ? "netty" : "batch, tick: 1ms";
  }

  /// Whether the group asks for low latency.
  boolean isLowLatency() {
    return lowLatency;
  }
}
