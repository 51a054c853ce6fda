package parley.bench.relay;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.bench.Machine;
import parley.bench.Results;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley bench relay`: this gateway and other relays under the same traffic, in one run.
@Command(
    name = "relay",
    description = "Measures relays side by side: this gateway, a forwarder in C, rtpengine.",
    footer = {
      "",
      "CPU for each output packet, the highest clean rate, what is delivered at twice that, latency,",
      "octets allocated. Writes a table, relay.csv and relay.svg. A full run takes about an hour, --quick",
      "three minutes. Sender and receiver are programs in C, so cc is needed; rtpengine is left out",
      "where it is missing (Debian: rtpengine-daemon).",
      "",
      "Examples:",
      "  parley bench relay",
      "  parley bench relay --quick",
      "  parley bench relay --only parley,C --mode forward --fanout 10 --rounds 3",
      "  parley bench relay --pauses 5      (how long the gateway's JVM stops at half load)",
      "  parley bench relay --pauses 5 --collectors zgc,g1,parallel,serial",
      "",
      "Exit codes: 0 measured, 1 failed, 2 usage, 3 no C compiler."
    })
public final class RelayBench implements Callable<Integer> {
  private static final int LIMIT_ROUNDS = 3;

  @Option(names = "--quick", description = "One receiver and ten, two short rounds.")
  boolean quick;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Relays whose name begins so: parley, 'parley netty', C, rtpengine, none.")
  List<String> only = List.of();

  @Option(
      names = "--mode",
      split = ",",
      paramLabel = "MODE",
      description = "forward, rekey, record.")
  List<String> modes = List.of();

  @Option(
      names = "--fanout",
      split = ",",
      paramLabel = "N",
      description = "Receivers of each packet (default: 1,10,100).")
  @Nullable List<Integer> fanouts;

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default: 5).")
  @Nullable Integer rounds;

  @Option(names = "--seconds", paramLabel = "S", description = "Of each window (default: 5).")
  @Nullable Double seconds;

  @Option(names = "--no-limits", description = "Do not search the highest clean rates.")
  boolean withoutLimits;

  @Option(
      names = "--limits-at",
      split = ",",
      paramLabel = "N",
      description = "Receivers with which they are searched (default: 1,10).")
  @Nullable List<Integer> limitsAt;

  @Option(
      names = "--pauses",
      paramLabel = "MINUTES",
      description = "Only this: the pauses of the gateway's JVM at half its clean rate.")
  @Nullable Double pauseMinutes;

  @Option(
      names = "--collectors",
      split = ",",
      paramLabel = "NAME",
      description = {
        "With --pauses: shipped, zgc, g1, parallel, serial, each at the rate of the first",
        "(default: shipped)."
      })
  List<Collector> collectors = List.of(Collector.SHIPPED);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private final Path home;

  /// @param home the bench folder of the source tree
  public RelayBench(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws Exception {
    return Testbed.use(home, this::run);
  }

  private int run(Testbed bed) throws Exception {
    Machine machine = Machine.here(Instant.now());
    bed.others().confineThisProcess();
    CipherEngine engine = CipherEngines.select("auto");
    RelayKeys keys = RelayKeys.make(bed);
    var program = new GatewayProcess(jvmOptions(home), List.of());
    if (pauseMinutes != null) {
      new PauseRun(bed, keys, engine, jvmOptions(home)).run(collectors, pauseMinutes, System.out);
      return 0;
    }
    var run = new RelayRun(bed, new Windows(bed), plan(), chosen(all(keys, engine, program)));
    run.run();
    List<String> head = new ArrayList<>();
    head.add(
        "traffic                   RTP of 12 + 160 octets and 14 more (tag and MKI); relay on core %s, others on %s"
            .formatted(bed.relayCores().shown(), bed.others().shown()));
    head.addAll(run.configurations());
    head.add("JVM of parley             " + String.join(" ", program.jvmOptions()));
    var report = new RelayReport(machine, head, run.rows(), run.notes());
    report.print(System.out);
    boolean isWhole =
        only.isEmpty() && modes.isEmpty() && fanouts == null && !quick && !withoutLimits;
    Results.write(home, isWhole, "relay", report::write);
    return 0;
  }

  private Plan plan() {
    List<Integer> wanted = fanouts != null ? fanouts : quick ? List.of(1, 10) : List.of(1, 10, 100);
    int limits = withoutLimits ? 0 : quick ? 1 : LIMIT_ROUNDS;
    return new Plan(
        wanted,
        rounds != null ? rounds : quick ? 2 : 5,
        seconds != null ? seconds : quick ? 1 : 5,
        limits,
        limitsAt != null ? limitsAt : quick ? List.of(10) : List.of(1, 10),
        quick ? 0.5 : 1.5,
        quick ? 0.15 : 0.04,
        Duration.ofSeconds(quick ? 1 : 3));
  }

  /// Where the options of the service's JVM are.
  public static Path jvmOptions(Path home) {
    return home.resolve("../deploy/debian").normalize();
  }

  private static List<Contestant> all(RelayKeys keys, CipherEngine engine, GatewayProcess program) {
    List<Contestant> all = new ArrayList<>();
    all.add(new DirectPath());
    all.add(new ForwarderInC("epoll"));
    all.add(new ForwarderInC("tick"));
    for (GatewayPath path : List.of(GatewayPath.BATCH, GatewayPath.NETTY)) {
      for (GatewayMode mode : GatewayMode.values()) {
        all.add(new GatewayContestant(keys, engine, program, path, mode));
      }
    }
    all.add(
        new GatewayContestant(
            keys, engine, program, GatewayPath.BATCH_LOW_LATENCY, GatewayMode.FORWARD));
    for (GatewayMode mode : GatewayMode.values()) {
      all.add(new RtpengineContestant(engine, mode));
    }
    return all;
  }

  private List<Contestant> chosen(List<Contestant> all) {
    return all.stream()
        .filter(c -> only.isEmpty() || only.stream().anyMatch(name -> begins(c.relay(), name)))
        .filter(c -> modes.isEmpty() || modes.contains(c.mode()))
        .toList();
  }

  private static boolean begins(String relay, String name) {
    return relay.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT));
  }
}
