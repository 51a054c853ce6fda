package parley.gateway.record;

import java.time.Duration;

/// How a recorder works.
///
/// @param queueOctets of the queue from each event loop to the writer; a power of two
/// @param blockOctets a block is written when it has so many octets; eight times as many when it
///   comes to that long before `flushEvery`
/// @param flushEvery a block is written when its oldest record is so old: what a kill may cost
/// @param warnBelowOctets less on the disk is an alarm; recording goes on to the last octet
/// @param payloadTypes what goes into each recording's header
public record RecorderSettings(
    int queueOctets,
    int blockOctets,
    Duration flushEvery,
    long warnBelowOctets,
    PayloadTypes payloadTypes) {
  /// 1 GiB.
  public static final long WARN_BELOW_OCTETS = 1L << 30;

  public RecorderSettings {
    if (blockOctets < 1024 || blockOctets > 1 << 20) {
      throw new IllegalArgumentException("a block has 1 KiB to 1 MiB, not " + blockOctets);
    }
    if (!flushEvery.isPositive()) {
      throw new IllegalArgumentException("blocks are flushed every " + flushEvery);
    }
  }

  /// 4 MiB a loop, blocks of 32 KiB, 250 ms, an alarm below 1 GiB, the usual payload types.
  public static RecorderSettings defaults() {
    return new RecorderSettings(
        4 << 20, 32 << 10, Duration.ofMillis(250), WARN_BELOW_OCTETS, PayloadTypes.defaults());
  }

  public RecorderSettings withPayloadTypes(PayloadTypes types) {
    return new RecorderSettings(queueOctets, blockOctets, flushEvery, warnBelowOctets, types);
  }

  public RecorderSettings withWarnBelow(long octets) {
    return new RecorderSettings(queueOctets, blockOctets, flushEvery, octets, payloadTypes);
  }
}
