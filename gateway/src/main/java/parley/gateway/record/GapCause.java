package parley.gateway.record;

/// Why packets that the gateway accepted are not in the recording.
public enum GapCause {
  /// The queue to the writer was full.
  QUEUE_FULL(0),
  /// The disk did not take them.
  DISK_ERROR(1);

  private final byte code;

  GapCause(int code) {
    this.code = (byte) code;
  }

  /// As in the file.
  byte code() {
    return code;
  }

  static GapCause of(byte code) {
    for (GapCause cause : values()) {
      if (cause.code == code) {
        return cause;
      }
    }
    throw new IllegalArgumentException("no cause of a gap has the code " + code);
  }
}
