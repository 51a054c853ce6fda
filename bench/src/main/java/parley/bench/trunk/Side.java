package parley.bench.trunk;

/// Gateways that are compared with each other.
///
/// @param io what stands behind `io:` in the block `media` of both
/// @param perGroup packets a second in each group, in each of which somebody talks
record Side(int groups, String io, int perGroup) {
  /// Packets a second to the first gateway.
  int rate() {
    return groups * perGroup;
  }

  /// About so many packets: whole rounds of all groups, one at least.
  int wholeRounds(double packets) {
    return groups * (int) Math.max(1, Math.round(packets / groups));
  }

  String name() {
    return "%d groups, %s".formatted(groups, io);
  }
}
