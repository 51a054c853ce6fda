package parley.bench.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All contestants at all fan-outs, in turns: they run beside each other, and in each round every
/// one has its window while the others are idle.
final class RelayRun {
  private static final double LATENCY_SECONDS = 3;
  private static final double FIRST_TRIAL = 8000;
  private static final double ALIVE_SECONDS = 0.5;
  private static final int CHECKED_PACKETS = 64;
  private static final int CHECK_TRIES = 20;
  private static final double CHECK_RATE = 1000;

  private final Testbed bed;
  private final Windows windows;
  private final Plan plan;
  private final List<Contestant> contestants;
  private final Map<String, String> configurations = new LinkedHashMap<>();
  private final List<RelayRow> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

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
    Map<Contestant, Running> running = new LinkedHashMap<>();
    Map<Contestant, Figures> figures = new LinkedHashMap<>();
    for (Contestant contestant : contestants) {
      if (contestant instanceof DirectPath && fanout != 1) {
        continue;
      }
      Running relay = started(contestant, fanout);
      if (relay != null) {
        running.put(contestant, relay);
        figures.put(contestant, new Figures(contestant, fanout));
      }
    }
    for (int round = 1; round <= plan.rounds(); round++) {
      say("%d receivers: round %d of %d".formatted(fanout, round, plan.rounds()));
      for (Map.Entry<Contestant, Running> entry : running.entrySet()) {
        round(entry.getValue(), figures(figures, entry.getKey()), fanout);
      }
    }
    for (int round = 1; plan.searchesAt(fanout) && round <= plan.cleanRounds(); round++) {
      for (Contestant contestant : List.copyOf(running.keySet())) {
        limits(contestant, running, figures(figures, contestant), fanout);
      }
    }
    figures.values().forEach(figure -> rows.add(figure.row()));
    for (Running relay : running.values()) {
      relay.close();
    }
  }

  private static Figures figures(Map<Contestant, Figures> all, Contestant of) {
    Figures found = all.get(of);
    if (found == null) {
      throw new IllegalStateException(of.name() + " does not run");
    }
    return found;
  }

  private @Nullable Running started(Contestant contestant, int fanout) throws Exception {
    say("%d receivers: starting %s".formatted(fanout, contestant.name()));
    try {
      Running relay = contestant.start(bed, fanout);
      String fault = warmUp(relay, fanout);
      if (fault != null) {
        relay.close();
        throw new Unavailable(fault);
      }
      configurations.putIfAbsent(contestant.name(), relay.configuration());
      return relay;
    } catch (Unavailable e) {
      note(
          "%s with %d receivers is left out: %s"
              .formatted(contestant.name(), fanout, e.getMessage()));
      return null;
    }
  }

  /// Waits until packets come through, checks their octets, and lets compilers see traffic.
  private @Nullable String warmUp(Running relay, int fanout) throws Exception {
    String fault = "nothing came back";
    for (int i = 0; i < CHECK_TRIES && fault != null; i++) {
      int first = relay.packets().timestamp();
      Window window = windows.run(relay, CHECK_RATE, CHECKED_PACKETS);
      OctetCheck check = relay.check();
      if (window.received().packets() == (long) CHECKED_PACKETS * fanout) {
        fault = check == null ? null : check.of(relay.receiver().sample(), bed.window(), first);
      } else {
        fault =
            "%d of %d packets came back, %d receivers heard nothing"
                .formatted(
                    window.received().packets(),
                    CHECKED_PACKETS * fanout,
                    window.received().silent());
      }
    }
    if (fault == null) {
      windows.run(relay, Plan.rate(fanout), plan.warmUp().toMillis() / 1e3);
    }
    return fault;
  }

  private void round(Running relay, Figures figures, int fanout) throws Exception {
    figures.cost(windows.run(relay, Plan.rate(fanout), plan.seconds()));
    if (fanout == 1) {
      double seconds = Math.min(LATENCY_SECONDS, plan.seconds());
      figures.latency(windows.run(relay, Plan.LATENCY_RATE, seconds));
    }
  }

  private void limits(
      Contestant contestant, Map<Contestant, Running> running, Figures figures, int fanout)
      throws Exception {
    if (contestant instanceof DirectPath || !running.containsKey(contestant)) {
      return;
    }
    say("%d receivers: limit of %s".formatted(fanout, contestant.name()));
    var trial = new Trial(contestant, running, fanout);
    CleanRate limit =
        new CleanRate(
                rate -> trial.at(rate, plan.trialSeconds()),
                FIRST_TRIAL / Math.min(fanout, 4),
                plan.precision())
            .search();
    figures.limit(limit);
    if (limit.in() > 0 && !limit.isSenderBound()) {
      Window over = trial.at(2 * limit.in(), plan.trialSeconds());
      Window after = windows.run(trial.relay(), limit.in() / 2, ALIVE_SECONDS);
      figures.overload(100 * over.rateOut() / limit.out(), after.lossPercent() < 5);
    }
    trial.renewIfHurt();
  }

  /// One contestant that is started anew where a lost packet may have hurt it.
  private final class Trial {
    private final Contestant contestant;
    private final Map<Contestant, Running> running;
    private final int fanout;
    private boolean hurt;

    Trial(Contestant contestant, Map<Contestant, Running> running, int fanout) {
      this.contestant = contestant;
      this.running = running;
      this.fanout = fanout;
    }

    Running relay() throws Unavailable {
      Running relay = running.get(contestant);
      if (relay == null) {
        throw new Unavailable(contestant.name() + " is gone");
      }
      return relay;
    }

    Window at(double rate, double seconds) throws Exception {
      renewIfHurt();
      Window window = windows.run(relay(), rate, seconds);
      hurt = window.lossPercent() > 0;
      return window;
    }

    void renewIfHurt() throws Exception {
      if (hurt && contestant.isFragile()) {
        relay().close();
        Running again = started(contestant, fanout);
        if (again == null) {
          running.remove(contestant);
          throw new Unavailable(contestant.name() + " does not start again");
        }
        running.put(contestant, again);
      }
      hurt = false;
    }
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
