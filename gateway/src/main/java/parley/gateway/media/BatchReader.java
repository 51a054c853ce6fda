package parley.gateway.media;

/// Takes what a port received.
@FunctionalInterface
public interface BatchReader {
  /// Called on the port's loop. The batch belongs to the port and is reused when this returns.
  void read(MediaPort port, ReceivedBatch batch);

  /// How many datagrams one packet may become, so that a port can bound what it reads at once.
  /// Asked before each batch.
  default int outputsPerPacket() {
    return 1;
  }

  /// Whether packets are taken as they come, and never at the next tick.
  default boolean isLowLatency() {
    return false;
  }
}
