package parley.bench.mikey;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the rows of one run say about the goals. Only ratios of one run count: what did not run is
/// not judged, nor is a ratio of rows that swing.
record MikeyGoals(List<MikeyRow> rows) {
  static final String OURS = "parley";

  /// Without native code.
  static final String JAVA = "parley in Java";

  static final String WOLFSSL = "wolfSSL of Debian";

  /// The most that either row of a ratio may swing, in percent.
  private static final double STEADY_PERCENT = 20;

  private record Goal(
      String ours, String operation, double atLeast, String peer, String peerOperation) {
    Goal(String ours, String operation, double atLeast, String peer) {
      this(ours, operation, atLeast, peer, operation);
    }
  }

  private static final String BC = MikeyBenchmark.BOUNCY_CASTLE;

  private static final List<Goal> GOALS =
      List.of(
          new Goal(OURS, "eccsiVerifyKnown", 10, BC),
          new Goal(JAVA, "eccsiVerifyKnown", 6, BC),
          new Goal(OURS, "eccsiVerifyKnown", 3, WOLFSSL),
          new Goal(OURS, "eccsiVerifyNew", 3, BC),
          new Goal(OURS, "eccsiSign", 20, BC),
          new Goal(JAVA, "eccsiSign", 5, BC),
          new Goal(OURS, "sakkeDecapsulate", 30, BC),
          new Goal(OURS, "sakkeDecapsulate", 2, WOLFSSL),
          new Goal(OURS, "sakkeDecapsulate", 80, BC),
          new Goal(OURS, "sakkeEncapsulate", 35, BC),
          new Goal(OURS, "sakkeEncapsulateAgain", 60, BC),
          new Goal(OURS, "sakkeEncapsulateBatch", 100, BC, "sakkeEncapsulate"),
          new Goal(OURS, "announcement", 8, BC));

  List<String> sentences() {
    List<String> all = new ArrayList<>();
    for (Goal goal : GOALS) {
      Optional<MikeyRow> ours = find(goal.ours, goal.operation);
      Optional<MikeyRow> peer = find(goal.peer, goal.peerOperation);
      if (ours.isPresent() && peer.isPresent()) {
        all.add(sentence(goal, ours.get(), peer.get()));
      }
    }
    return all;
  }

  private static String sentence(Goal goal, MikeyRow ours, MikeyRow peer) {
    double ratio = ours.opsPerSecond() / peer.opsPerSecond();
    double swing = Math.max(ours.spreadPercent(), peer.spreadPercent());
    String verdict = ratio >= goal.atLeast ? "reached" : "MISSED";
    return String.format(
        Locale.ROOT,
        "%s, %s: %.1f times as fast as %s, goal at least %.0f: %s",
        goal.operation,
        goal.ours,
        ratio,
        goal.peer,
        goal.atLeast,
        swing > STEADY_PERCENT
            ? String.format(Locale.ROOT, "UNCLEAR, rates swing by %.0f %%", swing)
            : verdict);
  }

  private Optional<MikeyRow> find(String implementation, String operation) {
    return rows.stream()
        .filter(row -> row.implementation().equals(implementation))
        .filter(row -> row.operation().equals(operation))
        .findFirst();
  }
}
