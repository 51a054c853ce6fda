package parley.bench.growth;

import java.util.ArrayList;
import java.util.List;

/// How much is measured.
///
/// @param sides gateways that run beside each other, and take turns; one side after the other
/// @param seconds of each window
/// @param idleSeconds without any media
record GrowthPlan(List<List<Scale>> sides, int rounds, double seconds, double idleSeconds) {
  /// The number of groups whose memory has a goal, and that netty is compared at.
  static final int GOAL_GROUPS = 1000;

  /// Spread over loops: 2000 packets a second in, so that sender and receiver have room on the same
  /// processors.
  private static final int GROUPS_ON_LOOPS = 40;

  GrowthPlan {
    sides = List.copyOf(sides);
  }

  /// @param groups in rising order
  /// @param withLoops whether two loops are compared with one
  static GrowthPlan of(List<Integer> groups, boolean withLoops, boolean quick) {
    List<List<Scale>> sides = new ArrayList<>();
    for (int some : groups) {
      sides.add(List.of(Scale.of(some, "batch")));
      if (some == GOAL_GROUPS) {
        sides.add(List.of(Scale.of(some, "netty")));
      }
    }
    if (withLoops) {
      sides.add(List.of(Scale.spread(GROUPS_ON_LOOPS, 1), Scale.spread(GROUPS_ON_LOOPS, 2)));
    }
    return quick ? new GrowthPlan(sides, 2, 1, 2) : new GrowthPlan(sides, 5, 5, 10);
  }

  /// Each number of groups once, in rising order.
  List<Integer> sizes() {
    return sides.stream().flatMap(List::stream).map(Scale::groups).distinct().sorted().toList();
  }

  /// The most groups in which somebody talks.
  int mostActive(int groups) {
    return sides.stream()
        .flatMap(List::stream)
        .filter(scale -> scale.groups() == groups)
        .mapToInt(Scale::active)
        .max()
        .orElse(0);
  }

  /// As many groups as a process may have file descriptors for, where that is fewer than wanted.
  static int within(int groups, long mostDescriptors) {
    long room = (mostDescriptors - Scale.of(0, "batch").descriptors()) / 2;
    return Math.clamp(room, 1, groups);
  }
}
