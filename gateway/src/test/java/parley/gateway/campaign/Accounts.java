package parley.gateway.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import parley.gateway.system.Await;

/// The account of a soak: what every party has counted since the last time must come out even.
final class Accounts {
  private final World world;
  private final List<String> settled = new ArrayList<>();
  private int rounds;

  Accounts(World world) {
    this.world = world;
  }

  /// Counts from here, for all groups.
  void begin() throws Exception {
    Scrape now = world.scrape();
    world.groups().forEach(group -> group.begin(now, world.wire()));
  }

  /// Counts from here, for a group that has just come.
  void begin(SoakGroup group) throws Exception {
    group.begin(world.scrape(), world.wire());
  }

  /// Everybody is silent, every equation holds, and a new account begins.
  void settle() throws Exception {
    rounds++;
    settle(world.configured());
    world.forgetSent();
    world.requireReady();
  }

  /// The same for some groups.
  ///
  /// @throws AssertionError with every equation that does not come to hold
  void settle(List<SoakGroup> those) throws Exception {
    for (SoakGroup group : those) {
      for (FieldTalker talker : group.talkers()) {
        talker.stop();
      }
    }
    Map<SoakGroup, Tally> tallies = new LinkedHashMap<>();
    List<String> wrong = new ArrayList<>();
    try {
      Await.until("the account is even", () -> isEven(those, tallies, wrong));
    } catch (AssertionError e) {
      throw new AssertionError(String.join("\n", wrong) + "\n" + world.udpInside(), e);
    }
    tallies.forEach((group, tally) -> {
      group.settle(tally);
      settled.add(csv(group, tally));
    });
  }

  private boolean isEven(List<SoakGroup> those, Map<SoakGroup, Tally> tallies, List<String> wrong)
      throws Exception {
    tallies.clear();
    wrong.clear();
    Scrape scrape = world.scrape();
    long bridged = 0;
    for (SoakGroup group : those) {
      Tally tally = group.soFar(scrape, world.wire());
      tallies.put(group, tally);
      bridged += world.isBridged(group) ? tally.relayed() : 0;
    }
    for (SoakGroup group : those) {
      Tally tally = tallies.getOrDefault(group, Tally.NONE);
      wrong.addAll(tally.contradictions(group.id(), world.isJoint(group) ? bridged : 0));
    }
    return wrong.isEmpty();
  }

  private String csv(SoakGroup group, Tally t) {
    return "%d,%s,%d,%d,%d,%d,%d,%d,%d,%d,%d"
        .formatted(
            rounds,
            group.id(),
            t.sent(),
            t.lost(),
            t.doubled(),
            t.in(),
            t.relayed(),
            t.droppedInAll(),
            t.announced(),
            t.refused(),
            t.heard());
  }

  /// One line for each account of a group.
  List<String> csv() {
    List<String> lines = new ArrayList<>();
    lines.add("account,group,sent,lost,doubled,in,relayed,dropped,announced,refused,heard");
    lines.addAll(settled);
    return lines;
  }

  private Tally total() {
    return world.groups().stream().map(SoakGroup::sum).reduce(Tally.NONE, Tally::plus);
  }

  /// In one line.
  String sentence() {
    Tally t = total();
    return "account %d is even: %d sent, %d lost by the wire, %d doubled, %d in, %d refused"
        .formatted(rounds, t.sent(), t.lost(), t.doubled(), t.in(), t.droppedInAll() + t.refused());
  }

  void tell(Report report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "group",
            "bursts",
            "sent",
            "lost by the wire",
            "doubled by it",
            "in",
            "relayed",
            "dropped",
            "announcements accepted",
            "refused",
            "heard by receivers",
            "lost before them"));
    world.groups().forEach(group -> rows.add(row(group.id(), List.of(group))));
    rows.add(row("all", world.groups()));
    report.table("Packets, settled %d times to the last one".formatted(rounds), rows);
    List<List<String>> reasons = new ArrayList<>(List.of(List.of("dropped because", "packets")));
    new TreeMap<>(total().dropped())
        .forEach((why, n) -> reasons.add(List.of(why, Long.toString(n))));
    report.table("Drops", reasons);
  }

  private static List<String> row(String name, List<SoakGroup> of) {
    List<String> row = new ArrayList<>(List.of(name));
    row.add(sum(of, g -> g.talkers().stream().mapToLong(FieldTalker::bursts).sum()));
    for (ToLongFunction<Tally> column :
        List.<ToLongFunction<Tally>>of(
            Tally::sent,
            Tally::lost,
            Tally::doubled,
            Tally::in,
            Tally::relayed,
            Tally::droppedInAll,
            Tally::announced,
            Tally::refused,
            Tally::heard,
            Tally::lostBehind)) {
      row.add(sum(of, g -> column.applyAsLong(g.sum())));
    }
    return row;
  }

  private static String sum(List<SoakGroup> of, ToLongFunction<SoakGroup> column) {
    return Long.toString(of.stream().mapToLong(column).sum());
  }
}
