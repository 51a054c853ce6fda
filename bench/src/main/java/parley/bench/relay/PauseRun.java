package parley.bench.relay;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  PauseRun(Testbed bed, RelayKeys keys, CipherEngine engine, Path jvmOptions) {
    this.bed = bed;
    this.keys = keys;
    this.engine = engine;
    this.jvmOptions = jvmOptions;
  }

  /// Prints what it found of each path of the gateway, and returns that.
  List<SafepointLog> run(double minutes, PrintStream out) throws Exception {
    List<SafepointLog> found = new ArrayList<>();
    for (GatewayPath path : List.of(GatewayPath.BATCH, GatewayPath.NETTY)) {
      try {
        found.add(run(path, minutes, out));
      } catch (Unavailable e) {
        out.println("parley " + path.label() + " is left out: " + e.getMessage());
      }
    }
    return found;
  }

  private SafepointLog run(GatewayPath path, double minutes, PrintStream out) throws Exception {
    Path log = bed.file("safepoints.log");
    var contestant =
        new GatewayContestant(
            keys,
            engine,
            jvmOptions,
            path,
            GatewayMode.FORWARD,
            List.of("-Xlog:safepoint:file=" + log + "::filecount=0"));
    var windows = new Windows(bed);
    Running relay = contestant.start(bed, FANOUT);
    double limit =
        new CleanRate(rate -> windows.run(relay, rate, TRIAL_SECONDS), FIRST_TRIAL, PRECISION)
            .search()
            .in();
    int before = SafepointLog.read(log).pauses();
    long deadline = System.nanoTime() + (long) (minutes * 60e9);
    long lost = 0;
    while (System.nanoTime() < deadline) {
      Window window = windows.run(relay, limit / 2, WINDOW_SECONDS);
      lost += (long) window.offered() * FANOUT - window.received().packets();
    }
    SafepointLog all = SafepointLog.read(log).after(before);
    out.printf(
        Locale.ROOT,
        "%s: %.1f minutes at %.0f packets/s in, %d receivers: %s, %d packets lost%n",
        contestant.name(),
        minutes,
        limit / 2,
        FANOUT,
        all,
        lost);
    relay.close();
    return all;
  }
}
