package parley.gateway.admin;

/// The recorder's queue and what did not fit into it.
///
/// @param queuedOctets what waits to be written
/// @param capacityOctets how much may wait
/// @param lost packets that were not recorded since the start; each loss is a gap record in its
///   file
/// @param open bursts being recorded, of which `failing` cannot be written now
/// @param diskErrors attempts to write that failed
/// @param abandoned recordings whose end could not be written
/// @param continued files that go on where another was taken away
/// @param waitingNanos for how long the disk has been keeping the writer waiting
/// @param freeOctets on the disk, -1 where nobody can tell
/// @param warnBelowOctets less free than that is an alarm
public record RecorderStatus(
    long queuedOctets,
    long capacityOctets,
    long lost,
    int open,
    int failing,
    long diskErrors,
    long abandoned,
    long continued,
    long waitingNanos,
    long freeOctets,
    long warnBelowOctets) {
  /// Of a gateway that records nothing.
  static RecorderStatus none() {
    return new RecorderStatus(0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0);
  }
}
