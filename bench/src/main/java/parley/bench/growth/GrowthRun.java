package parley.bench.growth;

import java.util.ArrayList;
import java.util.List;
import parley.bench.relay.Footprint;
import parley.bench.relay.GatewayProcess;
import parley.bench.relay.Numbers;
import parley.bench.relay.Testbed;
import parley.bench.relay.Unavailable;
import parley.bench.relay.Window;
import parley.bench.relay.Windows;
import parley.srtp.CipherEngine;

/// One side after the other: its gateways start, take turns round by round, are left in peace, and
/// end.
final class GrowthRun {
  private static final double CHECK_SECONDS = 1;

  /// What the end of the bursts costs does not count as idle.
  private static final long SETTLED_AFTER_MILLIS = 3000;

  private final Testbed bed;
  private final GrowthPlan plan;
  private final GatewayProcess program;
  private final CipherEngine engine;
  private final KeyRing keys;
  private final Windows windows;
  private final List<GrowthRow> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  GrowthRun(Testbed bed, GrowthPlan plan, GatewayProcess program, CipherEngine engine)
      throws Exception {
    this.bed = bed;
    this.plan = plan;
    this.program = program;
    this.engine = engine;
    this.keys = new KeyRing(bed, plan);
    this.windows = new Windows(bed);
  }

  void run() throws Exception {
    for (List<Scale> side : plan.sides()) {
      List<Entry> entries = new ArrayList<>();
      for (Scale scale : side) {
        enter(scale, entries);
      }
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Entry entry : entries) {
          say("%s: round %d of %d".formatted(entry.gateway.scale().name(), round, plan.rounds()));
          entry.windows.add(window(entry.gateway, plan.seconds()));
        }
      }
      for (Entry entry : entries) {
        GrowthRow row = finish(entry);
        rows.add(row);
        System.err.println(GrowthRow.HEAD + "\n" + row.line());
      }
      entries.forEach(entry -> entry.gateway.close());
    }
  }

  private record Entry(GroupsGateway gateway, List<Window> windows) {}

  private void enter(Scale scale, List<Entry> entries) throws Exception {
    keys.of(scale.groups());
    say(scale.name() + ": starting");
    try {
      GroupsGateway gateway = GroupsGateway.start(scale, bed, keys, program, engine);
      warmUp(gateway);
      entries.add(new Entry(gateway, new ArrayList<>()));
    } catch (Unavailable e) {
      notes.add(scale.name() + " is left out: " + e.getMessage());
      say(notes.getLast());
    }
  }

  /// Until every receiver hears every stream, which also lets the compilers see traffic.
  private void warmUp(GroupsGateway gateway) throws Exception {
    Scale scale = gateway.scale();
    int silent =
        windows.untilHeard(gateway.running(), scale.rateIn(), packets(scale, CHECK_SECONDS));
    if (silent != 0) {
      gateway.close();
      throw new Unavailable(
          "%d of %d pairs of stream and receiver stay silent"
              .formatted(silent, scale.active() * Scale.RECEIVERS));
    }
    window(gateway, plan.seconds());
  }

  /// Whole rounds of all streams.
  private Window window(GroupsGateway gateway, double seconds) throws Exception {
    Scale scale = gateway.scale();
    return windows.run(gateway.running(), scale.rateIn(), packets(scale, seconds));
  }

  private static int packets(Scale scale, double seconds) {
    return (int) Math.round(seconds * Scale.PACKETS_PER_SECOND) * scale.active();
  }

  private GrowthRow finish(Entry entry) throws Exception {
    GroupsGateway gateway = entry.gateway;
    Footprint footprint = gateway.running().footprint();
    gateway.fallSilent();
    double idle = idlePercent(gateway);
    return new GrowthRow(
        gateway.scale(),
        gateway.startSeconds(),
        gateway.startCpuSeconds(),
        footprint,
        gateway.heapAfterCollection(),
        Numbers.of(entry.windows.stream().map(Window::cpuNanosPerOutput).toList()),
        idle,
        Numbers.of(entry.windows.stream().map(Window::lossPercent).toList()).median(),
        entry.windows.stream().anyMatch(Window::isRigAtItsEnd));
  }

  private double idlePercent(GroupsGateway gateway) throws Exception {
    say("%s: idle for %.0f s".formatted(gateway.scale().name(), plan.idleSeconds()));
    Thread.sleep(SETTLED_AFTER_MILLIS);
    long began = System.nanoTime();
    long cpu = gateway.running().cpuNanos();
    Thread.sleep((long) (plan.idleSeconds() * 1000));
    return 100.0 * (gateway.running().cpuNanos() - cpu) / (System.nanoTime() - began);
  }

  List<GrowthRow> rows() {
    return List.copyOf(rows);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  private static void say(String text) {
    System.err.println(text + " ...");
  }
}
