package parley.gateway.record;

/// A recording whose writer was killed, or whose disk was full, before the header was written: it
/// is neither damaged nor worth anything.
public final class NothingRecorded extends NotARecording {
  private static final long serialVersionUID = 1;

  NothingRecorded() {
    this("holds nothing: its gateway was killed, or its disk full, before anything was recorded");
  }

  NothingRecorded(String message) {
    super(message);
  }
}
