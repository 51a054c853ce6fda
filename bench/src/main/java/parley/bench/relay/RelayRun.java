package parley.bench.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// All contestants at all fan-outs, in turns: they run beside each other, and in each round every
/// one has its window while the others are idle.
final class RelayRun {
  private static final double LATENCY_SECONDS = 3;
  private static final double FIRST_TRIAL = 8000;
  private static final double ALIVE_SECONDS = 0.5;
  private static final int ALIVE_TRIES = 3;
  private static final double ALIVE_LOSS_PERCENT = 50;

  private final Testbed bed;
  private final Windows windows;
  private final Plan plan;
  private final List<Contestant> contestants;
  private final Map<String, String> configurations = new LinkedHashMap<>();
  private final List<RelayRow> rows = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();

  RelayRun(Testbed bed, Windows windows, Plan plan, List<Contestant> contestants) {
    this.bed = bed;
    this.windows = windows;
    this.plan = plan;
    this.contestants = contestants;
  }

  void run() throws Exception {
    for (int fanout : plan.fanouts()) {
      run(fanout);
    }
  }

  private void run(int fanout) throws Exception {
    List<Entrant> entrants = new ArrayList<>();
    for (Contestant contestant : contestants) {
      if (fanout == 1 || !(contestant instanceof DirectPath)) {
        enter(contestant, fanout, entrants);
      }
    }
    for (int round = 1; round <= plan.rounds(); round++) {
      say("%d receivers: round %d of %d".formatted(fanout, round, plan.rounds()));
      for (Entrant entrant : entrants) {
        guarded(entrant, this::round);
      }
    }
    for (Entrant entrant : entrants) {
      guarded(entrant, this::allocation);
    }
    for (int round = 1; plan.searchesAt(fanout) && round <= plan.cleanRounds(); round++) {
      for (Entrant entrant : entrants) {
        if (!(entrant.contestant() instanceof DirectPath)) {
          say("%d receivers: limit of %s".formatted(fanout, entrant.contestant().name()));
          guarded(entrant, this::limits);
        }
      }
    }
    for (Entrant entrant : entrants) {
      rows.add(entrant.figures().row());
      AdminProbe admin = entrant.admin();
      if (admin != null && admin.hasAsked()) {
        note(
            entrant,
            "with %d receivers answered at twice its limit: %s".formatted(fanout, admin.told()));
      }
      entrant.close();
    }
  }

  private void enter(Contestant contestant, int fanout, List<Entrant> entrants) throws Exception {
    say("%d receivers: starting %s".formatted(fanout, contestant.name()));
    var entrant = new Entrant(bed, windows, contestant, fanout, plan.warmUp());
    try {
      configurations.putIfAbsent(contestant.name(), entrant.start().configuration());
      entrants.add(entrant);
    } catch (Unavailable e) {
      note(entrant, "is left out: " + e.getMessage());
    }
  }

  private interface Part {
    void of(Entrant entrant) throws Exception;
  }

  /// A contestant that falls out keeps the figures that it has.
  private void guarded(Entrant entrant, Part part) throws Exception {
    try {
      part.of(entrant);
    } catch (Unavailable e) {
      note(entrant, "with %d receivers fell out: %s".formatted(entrant.fanout(), e.getMessage()));
    }
  }

  private void round(Entrant entrant) throws Exception {
    Figures figures = entrant.figures();
    figures.cost(entrant.steady(Plan.rate(entrant.fanout()), plan.seconds()));
    if (entrant.fanout() == 1) {
      double seconds = Math.min(LATENCY_SECONDS, plan.seconds());
      figures.latency(entrant.steady(Plan.LATENCY_RATE, seconds));
    }
  }

  private void allocation(Entrant entrant) throws Exception {
    Window window = entrant.unannounced(Plan.rate(entrant.fanout()), plan.seconds());
    if (window != null) {
      entrant.figures().allocation(window);
    }
  }

  private void limits(Entrant entrant) throws Exception {
    double first = FIRST_TRIAL / Math.min(entrant.fanout(), 4);
    CleanRate limit =
        new CleanRate(rate -> entrant.at(rate, plan.trialSeconds()), first, plan.precision())
            .search();
    entrant.figures().limit(limit);
    if (limit.in() > 0 && !limit.isRigBound()) {
      Window over = entrant.whileAsked(2 * limit.in(), plan.trialSeconds());
      entrant
          .figures()
          .overload(100 * over.rateOut() / limit.out(), survives(entrant, limit.in() / 2));
      if (over.isSenderLate()) {
        note(
            entrant,
            "with %d receivers was offered only %.0f packets/s, not twice its limit"
                .formatted(entrant.fanout(), over.rateIn()));
      }
    }
  }

  /// Whether most packets come through at a rate that was clean before, without a new start. Tried
  /// three times, because a busy machine loses some too.
  private static boolean survives(Entrant entrant, double rate) throws Exception {
    for (int i = 0; i < ALIVE_TRIES; i++) {
      if (entrant.asItIs(rate, ALIVE_SECONDS).lossPercent() < ALIVE_LOSS_PERCENT) {
        return true;
      }
    }
    return false;
  }

  private void note(Entrant entrant, String text) {
    note("%s %s".formatted(entrant.contestant().name(), text));
  }

  private void note(String text) {
    notes.add(text);
    say(text);
  }

  private static void say(String text) {
    System.err.println(text + " ...");
  }

  List<RelayRow> rows() {
    return List.copyOf(rows);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  List<String> configurations() {
    List<String> lines = new ArrayList<>();
    configurations.forEach(
        (name, text) -> lines.add(String.format(Locale.ROOT, "%-25s %s", name, text)));
    return lines;
  }
}
