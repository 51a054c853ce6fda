package parley.bench.load;

import java.time.Duration;

/// How much traffic, how long, over which wire.
///
/// @param rate packets a second, over all talkers
/// @param payloadOctets of each packet, without header and trailer
/// @param seed decides what the wire does to which packet
record LoadSettings(double rate, int payloadOctets, Duration duration, WireFaults wire, long seed) {
  static final int MOST_PAYLOAD_OCTETS = 1400;
  private static final double NANOS = 1e9;

  /// Packets to be made in all.
  long packets() {
    return Math.round(rate * duration.toNanos() / NANOS);
  }

  /// When packet `n` is due, in nanoseconds since the start.
  long dueNanos(long n) {
    return (long) (n * NANOS / rate);
  }

  /// From one packet of a stream to its next, where `groups` speak in turns.
  long streamStepNanos(int groups) {
    return (long) (groups * NANOS / rate);
  }
}
