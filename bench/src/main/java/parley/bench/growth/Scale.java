package parley.bench.growth;

import java.util.List;
import parley.bench.relay.Cores;

/// One gateway to be measured.
///
/// @param active groups in which somebody talks
/// @param io what stands behind `io:` in the block `media`
/// @param isFree whether it may use all processors, not only that of the relay
record Scale(int groups, int active, String io, int loops, boolean isFree) {
  /// Receivers of each group.
  static final int RECEIVERS = 10;

  /// Packets a second of one that talks: one every 20 ms.
  static final int PACKETS_PER_SECOND = 50;

  /// With more active groups one core here would be full before memory is: the rate stays.
  static final int MOST_ACTIVE = 100;

  /// As many groups as the heap of the service's options certainly holds.
  static final int MOST_ON_SHIPPED_HEAP = 1000;

  /// Of the Java heap, for each group beyond that.
  private static final double MIB_OF_A_GROUP = 0.4;

  static Scale of(int groups, String io) {
    return new Scale(groups, Math.clamp(groups / 10, 1, MOST_ACTIVE), io, 1, false);
  }

  /// All groups active, on so many loops.
  static Scale spread(int groups, int loops) {
    return new Scale(groups, groups, "batch", loops, true);
  }

  /// Packets a second to the gateway.
  int rateIn() {
    return active * PACKETS_PER_SECOND;
  }

  /// Whether fewer than a tenth of the groups are active.
  boolean isCapped() {
    return active < groups / 10;
  }

  /// Options of the JVM beside the service's: with more groups a larger heap.
  List<String> jvmOptions() {
    return groups <= MOST_ON_SHIPPED_HEAP
        ? List.of()
        : List.of("-Xmx%dm".formatted(Math.round(groups * MIB_OF_A_GROUP)));
  }

  String name() {
    return "%d groups, %d active, %s, %d %s"
        .formatted(groups, active, io, loops, loops == 1 ? "loop" : "loops");
  }

  Cores cores(Cores ofRelay) {
    return isFree ? Cores.ANY : ofRelay;
  }

  /// File descriptors that its process needs: a socket for each group and its copy for the loop,
  /// and what a JVM has anyway.
  long descriptors() {
    return 2L * groups + 300;
  }
}
