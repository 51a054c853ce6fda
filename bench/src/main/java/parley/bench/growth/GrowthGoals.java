package parley.bench.growth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// What the rows say of the goals; what did not run is not judged.
record GrowthGoals(List<GrowthRow> rows) {
  /// Of 1000 groups with ten receivers each and 100 active.
  static final double MOST_MIB = 2048;

  /// CPU for each output packet on two loops, of that on one.
  static final double MOST_RATIO = 1.1;

  /// With more loss a row is no proof.
  static final double MOST_LOSS_PERCENT = 0.1;

  List<String> sentences() {
    List<String> all = new ArrayList<>();
    for (GrowthRow row : rows) {
      if (row.scale().groups() == GrowthPlan.GOAL_GROUPS && !row.scale().isFree()) {
        all.add(memory(row));
      }
    }
    row(scale -> scale.isFree() && scale.loops() == 1)
        .ifPresent(one ->
            row(scale -> scale.isFree() && scale.loops() == 2)
                .ifPresent(two -> all.add(loops(one, two))));
    return all;
  }

  private Optional<GrowthRow> row(Predicate<Scale> of) {
    return rows.stream().filter(row -> of.test(row.scale())).findFirst();
  }

  private static String memory(GrowthRow row) {
    return String.format(
            Locale.ROOT,
            "%s: %d groups with %d receivers each, %d active: %.0f MiB resident (goal: at most %.0f), loss %.2f %%",
            verdict(row.rssMib() <= MOST_MIB && row.lossPercent() <= MOST_LOSS_PERCENT),
            row.scale().groups(),
            Scale.RECEIVERS,
            row.scale().active(),
            row.rssMib(),
            MOST_MIB,
            row.lossPercent())
        + " ("
        + row.scale().io()
        + ")";
  }

  private static String loops(GrowthRow one, GrowthRow two) {
    double ratio = two.cpuNanosPerOutput().median() / one.cpuNanosPerOutput().median();
    boolean isWhole =
        one.lossPercent() <= MOST_LOSS_PERCENT && two.lossPercent() <= MOST_LOSS_PERCENT;
    return String.format(
        Locale.ROOT,
        "%s: two loops cost %.2fx of one for each output packet (goal: at most %.2fx), spread %.1f and %.1f %%",
        verdict(ratio <= MOST_RATIO && isWhole),
        ratio,
        MOST_RATIO,
        two.cpuNanosPerOutput().spreadPercent(),
        one.cpuNanosPerOutput().spreadPercent());
  }

  private static String verdict(boolean isReached) {
    return isReached ? "reached" : "MISSED";
  }
}
