package parley.bench.load;

/// What a bad wire does to packets between the talkers and the gateway.
///
/// @param lossPercent of the packets are never sent
/// @param reorderPercent are sent behind the next one of their stream
/// @param duplicatePercent are sent twice
/// @param jitterMillis the longest delay; each packet has one of its own, evenly spread
record WireFaults(
    double lossPercent, double reorderPercent, double duplicatePercent, double jitterMillis) {
  static final WireFaults NONE = new WireFaults(0, 0, 0, 0);

  boolean delays() {
    return reorderPercent > 0 || jitterMillis > 0;
  }
}
