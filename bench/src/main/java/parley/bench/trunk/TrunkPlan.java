package parley.bench.trunk;

import java.util.ArrayList;
import java.util.List;

/// How much is measured.
///
/// @param sides one after the other
/// @param seconds of each window
/// @param warmUpPackets before the first window, so that compilers see traffic
record TrunkPlan(List<Side> sides, int rounds, double seconds, int warmUpPackets) {
  static final List<Integer> GROUPS = List.of(32, 256);
  static final List<Integer> QUICK_GROUPS = List.of(32);

  /// Packets a second of one that talks: one every 20 ms.
  static final int SPEECH = 50;

  static final int ROUNDS = 5;
  static final int QUICK_ROUNDS = 2;

  /// Announcements are held back that long, and nobody may miss three.
  private static final double SECONDS = 3;

  /// What 127.1.0.0/16 has room for.
  static final int MOST_GROUPS = 10_000;

  /// What a window file certainly holds, at [#SECONDS].
  static final int MOST_RATE = 150_000;

  private static final int WARM_UP = 60_000;
  private static final double QUICK_SECONDS = 1;
  private static final int QUICK_WARM_UP = 10_000;

  TrunkPlan {
    sides = List.copyOf(sides);
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds wants at least one");
    }
    if (sides.isEmpty()) {
      throw new IllegalArgumentException("--groups and --io want at least one each");
    }
    for (Side side : sides) {
      if (side.groups() < 1 || side.groups() > MOST_GROUPS) {
        throw new IllegalArgumentException("--groups wants 1 to " + MOST_GROUPS);
      }
      if (side.perGroup() < 1 || (long) side.groups() * side.perGroup() > MOST_RATE) {
        throw new IllegalArgumentException(
            "--rate wants at least one, and of all groups together at most " + MOST_RATE);
      }
    }
  }

  /// Each number of groups on each path.
  static TrunkPlan of(
      List<Integer> groups, List<String> paths, int perGroup, int rounds, boolean quick) {
    List<Side> sides = new ArrayList<>();
    for (String path : paths) {
      for (int some : groups) {
        sides.add(new Side(some, path, perGroup));
      }
    }
    return quick
        ? new TrunkPlan(sides, rounds, QUICK_SECONDS, QUICK_WARM_UP)
        : new TrunkPlan(sides, rounds, SECONDS, WARM_UP);
  }

  /// Keys are made for so many.
  int mostGroups() {
    return sides.stream().mapToInt(Side::groups).max().orElseThrow();
  }
}
