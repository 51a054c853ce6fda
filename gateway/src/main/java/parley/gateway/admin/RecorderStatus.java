package parley.gateway.admin;

/// The recorder's queue and what did not fit into it.
///
/// @param queuedOctets what waits to be written
/// @param capacityOctets how much may wait
/// @param lost packets that were not recorded since the start; each loss is a gap record in its
///   file
public record RecorderStatus(long queuedOctets, long capacityOctets, long lost) {}
