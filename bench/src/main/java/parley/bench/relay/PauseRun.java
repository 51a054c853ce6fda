package parley.bench.relay;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import parley.srtp.CipherEngine;

/// How long the gateway's JVM stops all its threads, at half of its clean rate with ten receivers.
final class PauseRun {
  private static final int FANOUT = 10;
  private static final double WINDOW_SECONDS = 5;
  private static final double TRIAL_SECONDS = 1;
  private static final double FIRST_TRIAL = 2000;
  private static final double PRECISION = 0.1;

  private final Testbed bed;
  private final RelayKeys keys;
  private final CipherEngine engine;
  private final Path jvmOptions;

  /// @param jvmOptions the folder of the service's options
  PauseRun(Testbed bed, RelayKeys keys, CipherEngine engine, Path jvmOptions) {
    this.bed = bed;
    this.keys = keys;
    this.engine = engine;
    this.jvmOptions = jvmOptions;
  }

  /// Prints what it found of each path of the gateway under each collector. The first collector's
  /// limit gives the rate for all.
  void run(List<Collector> collectors, double minutes, PrintStream out) throws Exception {
    List<PauseRow> rows = new ArrayList<>();
    for (GatewayPath path : List.of(GatewayPath.BATCH, GatewayPath.NETTY)) {
      double rate = Double.NaN;
      for (Collector collector : collectors) {
        System.err.printf(
            "pauses of parley %s, collector %s ...%n", path.label(), collector.label());
        try {
          PauseRow row = run(path, collector, rate, minutes);
          rate = row.rateIn();
          rows.add(row);
        } catch (Unavailable e) {
          out.println("parley " + path.label() + " is left out: " + e.getMessage());
        }
      }
    }
    out.printf("pauses in %.1f minutes with %d receivers%n%n", minutes, FANOUT);
    out.println("JVM: " + String.join(" ", new GatewayProcess(jvmOptions, List.of()).jvmOptions()));
    out.println();
    out.println(PauseRow.HEAD);
    rows.forEach(row -> out.println(row.line()));
  }

  /// @param rate not a number where it is to be found
  private PauseRow run(GatewayPath path, Collector collector, double rate, double minutes)
      throws Exception {
    Path log = bed.file("safepoints.log");
    List<String> more = new ArrayList<>(collector.options());
    more.add("-Xlog:safepoint:file=" + log + "::filecount=0");
    var program = new GatewayProcess(jvmOptions, more);
    var windows = new Windows(bed);
    Running relay =
        new GatewayContestant(keys, engine, program, path, GatewayMode.FORWARD).start(bed, FANOUT);
    double half = Double.isNaN(rate) ? half(windows, relay) : rate;
    int before = SafepointLog.read(log).pauses();
    long deadline = System.nanoTime() + (long) (minutes * 60e9);
    long lost = 0;
    List<Double> cpu = new ArrayList<>();
    while (System.nanoTime() < deadline) {
      Window window = windows.run(relay, half, WINDOW_SECONDS);
      lost += (long) window.offered() * FANOUT - window.received().packets();
      cpu.add(window.cpuNanosPerOutput());
    }
    var row =
        new PauseRow(
            "parley " + path.label(),
            collector.label(),
            heap(program),
            half,
            SafepointLog.read(log).after(before),
            lost,
            Numbers.of(cpu),
            relay.footprint().rssOctets());
    relay.close();
    return row;
  }

  private static double half(Windows windows, Running relay) throws Exception {
    return new CleanRate(rate -> windows.run(relay, rate, TRIAL_SECONDS), FIRST_TRIAL, PRECISION)
            .search()
            .in()
        / 2;
  }

  private static String heap(GatewayProcess program) throws Exception {
    return program.jvmOptions().stream()
        .filter(option -> option.startsWith("-Xm"))
        .collect(Collectors.joining(" "));
  }
}
