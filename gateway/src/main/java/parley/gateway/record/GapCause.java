package parley.gateway.record;

/// Why packets that the gateway accepted are not in the recording.
public enum GapCause {
  /// The queue to the writer was full.
  QUEUE_FULL,
  /// The disk did not take them.
  DISK_ERROR
}
