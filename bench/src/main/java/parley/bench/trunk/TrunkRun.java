package parley.bench.trunk;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import parley.bench.relay.GatewayProcess;
import parley.bench.relay.Testbed;
import parley.bench.relay.Unavailable;
import parley.bench.relay.Window;
import parley.bench.relay.Windows;
import parley.bench.rig.GroupKeys;
import parley.srtp.CipherEngine;

/// One side after the other: both ways start, take turns round by round, and end.
///
/// Nobody announces anything while a window runs: what an announcement costs is the same in both
/// ways, and would hide what a packet costs.
final class TrunkRun {
  /// Packets a second while compilers see traffic, where the side has fewer.
  private static final int WARM_UP_RATE = 5000;

  /// In which every burst is announced again, and that is handled.
  private static final Duration REST = Duration.ofMillis(2500);

  private final Testbed bed;
  private final TrunkPlan plan;
  private final GatewayProcess program;
  private final CipherEngine engine;
  private final GroupKeys keys;
  private final Windows windows;
  private final List<TrunkRow> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  TrunkRun(Testbed bed, TrunkPlan plan, GatewayProcess program, CipherEngine engine)
      throws Exception {
    this.bed = bed;
    this.plan = plan;
    this.program = program;
    this.engine = engine;
    say("keys for %d groups".formatted(plan.mostGroups()));
    this.keys =
        bed.keep(GroupKeys.make(Files.createDirectory(bed.file("keys")), plan.mostGroups()));
    this.windows = new Windows(bed);
  }

  void run() throws Exception {
    for (Side side : plan.sides()) {
      Map<Way, GatewayPair> pairs = new EnumMap<>(Way.class);
      for (Way way : Way.values()) {
        enter(side, way, pairs);
      }
      measure(side, pairs);
      pairs.values().forEach(GatewayPair::close);
    }
  }

  private void enter(Side side, Way way, Map<Way, GatewayPair> pairs) throws Exception {
    say("%s, %s: starting".formatted(side.name(), way.label()));
    try {
      GatewayPair pair = GatewayPair.start(side, way, bed, keys, program, engine);
      warmUp(side, pair);
      pairs.put(way, pair);
    } catch (Unavailable e) {
      notes.add("%s, %s is left out: %s".formatted(side.name(), way.label(), e.getMessage()));
      say(notes.getLast());
    }
  }

  private void warmUp(Side side, GatewayPair pair) throws Exception {
    int silent = windows.untilHeard(pair.running(), side.rate(), side.wholeRounds(side.rate()));
    if (silent != 0) {
      pair.close();
      throw new Unavailable("%d of %d groups stay silent".formatted(silent, side.groups()));
    }
    int packets = side.wholeRounds(plan.warmUpPackets());
    windows.run(pair.running(), Math.max(side.rate(), WARM_UP_RATE), packets);
  }

  private void measure(Side side, Map<Way, GatewayPair> pairs) throws Exception {
    Map<Way, List<Window>> taken = new EnumMap<>(Way.class);
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Map.Entry<Way, GatewayPair> entry : pairs.entrySet()) {
        say(
            "%s, %s: round %d of %d"
                .formatted(side.name(), entry.getKey().label(), round, plan.rounds()));
        taken
            .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
            .add(window(side, entry.getValue(), pairs));
      }
    }
    report(side, pairs, taken);
  }

  /// What each gives, and what the trunk's gateways count in one window more: to be asked costs
  /// CPU.
  private void report(Side side, Map<Way, GatewayPair> pairs, Map<Way, List<Window>> taken)
      throws Exception {
    List<Window> legs = taken.getOrDefault(Way.LEGS, List.of());
    if (pairs.containsKey(Way.LEGS)) {
      add(TrunkRow.ofLegs(side, legs));
    }
    GatewayPair trunk = pairs.get(Way.TRUNK);
    if (trunk != null) {
      TrunkCount sent = trunk.sent();
      TrunkCount heard = trunk.heard();
      window(side, trunk, pairs);
      add(
          TrunkRow.ofTrunk(
              side,
              taken.getOrDefault(Way.TRUNK, List.of()),
              legs,
              trunk.sent().since(sent),
              trunk.heard().since(heard)));
    }
  }

  private Window window(Side side, GatewayPair pair, Map<Way, GatewayPair> all) throws Exception {
    Thread.sleep(REST);
    all.values().forEach(any -> any.hold(true));
    try {
      return windows.run(
          pair.running(), side.rate(), side.wholeRounds(side.rate() * plan.seconds()));
    } finally {
      all.values().forEach(any -> any.hold(false));
    }
  }

  private void add(TrunkRow row) {
    rows.add(row);
    System.err.println(TrunkRow.HEAD + "\n" + row.line());
  }

  List<TrunkRow> rows() {
    return List.copyOf(rows);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  private static void say(String text) {
    System.err.println(text + " ...");
  }
}
