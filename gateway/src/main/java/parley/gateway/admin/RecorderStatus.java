package parley.gateway.admin;

/// The recorder's queue and what did not fit into it.
///
/// @param queued records that wait to be written
/// @param capacity how many may wait
/// @param lost packets that were not recorded since the start; each loss is a gap record in its
///   file
public record RecorderStatus(long queued, long capacity, long lost) {}
