package parley.gateway.record;

/// Where the packets of one stream lie in time, by their RTP timestamps; the first is at 0.
///
/// A timestamp that runs away from the clock on the wall by more than 5 s is a sender that started
/// its timestamps anew; there the receive time decides, so that one odd packet cannot make hours of
/// silence.
final class Timeline {
  private static final long TOLERANCE_SECONDS = 5;
  private static final double NANOS = 1e9;

  private final int clockRate;
  private boolean started;
  private int lastTimestamp;
  private long lastNanos;
  private long lastTick;
  private long jumps;

  Timeline(int clockRate) {
    this.clockRate = clockRate;
  }

  /// The start of a frame in ticks of the stream's clock; frames come in the order of their
  /// indices.
  long place(RtpFrame frame) {
    if (started) {
      int byTimestamp = frame.timestamp() - lastTimestamp; // wraps with the 32-bit timestamp
      long byClock = Math.round((frame.receivedNanos() - lastNanos) / NANOS * clockRate);
      boolean jumped = Math.abs(byTimestamp - byClock) > TOLERANCE_SECONDS * clockRate;
      jumps += jumped ? 1 : 0;
      lastTick += jumped ? Math.max(0, byClock) : byTimestamp;
    }
    started = true;
    lastTimestamp = frame.timestamp();
    lastNanos = frame.receivedNanos();
    return lastTick;
  }

  long jumps() {
    return jumps;
  }
}
