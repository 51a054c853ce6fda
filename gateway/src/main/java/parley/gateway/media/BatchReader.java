package parley.gateway.media;

/// Takes what a port received.
@FunctionalInterface
public interface BatchReader {
  /// Called on the port's loop. The batch belongs to the port and is reused when this returns.
  void read(MediaPort port, ReceivedBatch batch);
}
