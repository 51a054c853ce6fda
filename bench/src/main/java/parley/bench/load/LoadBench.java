package parley.bench.load;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import parley.gateway.StartRefused;
import parley.gateway.config.ConfigException;
import parley.gateway.media.PortUnavailable;
import parley.keys.member.KeysMissing;
import parley.keys.vault.VaultException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `parley bench load`: traffic of many talkers through a gateway to many listeners.
@Command(
    name = "load",
    sortOptions = false,
    description = "Puts load on a gateway: talkers that announce, listeners that verify.",
    footer = {
      "",
      "Without --plan a gateway of its own is started in this process, on loopback, with fresh keys.",
      "Every listener counts what it lost, what came late, twice or broken. Latency is told from the",
      "intended send time, so that a stall of the generator does not hide any, and from the actual.",
      "What --loss leaves out is not expected by anybody and does not count as lost.",
      "With --join each talker speaks at most 50 packets a second until every listener is let in and",
      "hears, or knows why not; then packets begin to count. The gateway needs receivers: for the",
      "group with room in max, per-member and per-source: all listeners are one member on one host.",
      "",
      "Examples:",
      "  parley bench load --groups 10 --listeners 10 --rate 1000 --duration 10",
      "  parley bench load --rate 5000 --loss 1 --reorder 0.5 --duplicate 0.5 --jitter 20 --seed 7",
      "  parley bench load --join --listeners 100 --rate 500",
      "  parley bench load --multicast --groups 4 --listeners 25 --rate 1000",
      "  parley bench load --example-plan > plan.yaml",
      "  parley bench load --plan plan.yaml --rate 2000 --duration 60 --max-loss 0.1",
      "  parley bench load --plan plan.yaml --join",
      "",
      "Exit codes: 0 ok, 1 more lost than --max-loss or listeners that did not join, 2 usage or plan,",
      "3 no load could be made: the gateway is not reached or refuses, keys are missing, too many",
      "file descriptors."
    })
public final class LoadBench implements Callable<Integer> {
  private static final int PROMISE_BROKEN = 1;
  private static final int USAGE = 2;
  private static final int NO_LOAD = 3;
  private static final int MOST_PORTS = 20_000;
  private static final int MOST_JOINED = 1_000;
  private static final int MOST_RATE = 10_000_000;
  private static final int MOST_SECONDS = 7 * 24 * 3600;
  private static final int MOST_JITTER_MILLIS = 60_000;
  private static final long FAREWELL_SECONDS = 10;

  @Option(
      names = "--own-gateway",
      description = "Start a gateway here, on loopback (what is done without --plan).")
  boolean ownGateway;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "Use the gateway, groups and vaults that this YAML file names.")
  @Nullable Path plan;

  @Option(names = "--example-plan", description = "Print a plan with comments, and end.")
  boolean examplePlan;

  @Option(
      names = "--groups",
      paramLabel = "N",
      description = "Groups of the own gateway (default: 1).")
  @Nullable Integer groups;

  @Option(
      names = "--listeners",
      paramLabel = "N",
      description = "Listeners of each group of the own gateway (default: 1).")
  @Nullable Integer listeners;

  @Option(
      names = "--join",
      description =
          "Listeners say JOIN to the gateway, instead of being named in its configuration.")
  boolean join;

  @Option(
      names = "--multicast",
      description =
          "The own gateway relays each group to a multicast group on loopback, which all its"
              + " listeners hear.")
  boolean multicast;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "50",
      description = "Packets a second, over all talkers (default: ${DEFAULT-VALUE}).")
  double rate;

  @Option(
      names = "--payload",
      paramLabel = "OCTETS",
      defaultValue = "160",
      description = "Payload of each packet (default: ${DEFAULT-VALUE}).")
  int payload;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long (default: ${DEFAULT-VALUE}).")
  double duration;

  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Packets that the talkers leave out.")
  double loss;

  @Option(
      names = "--reorder",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Packets that are sent behind the next one of their stream.")
  double reorder;

  @Option(
      names = "--duplicate",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Packets that are sent twice.")
  double duplicate;

  @Option(
      names = "--jitter",
      paramLabel = "MS",
      defaultValue = "0",
      description = "Longest delay before a packet is sent.")
  double jitter;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides which packets are treated badly (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--max-loss",
      paramLabel = "PERCENT",
      description = "Exit with 1 when more than this was lost.")
  @Nullable Double maxLoss;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Histograms go here (default: bench/results/load).")
  @Nullable Path out;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  private final Path home;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param home the bench folder of the source tree
  public LoadBench(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws Exception {
    if (examplePlan) {
      System.out.print(LoadPlan.EXAMPLE);
      return 0;
    }
    LoadSettings settings = settings();
    quieten();
    try (Deployment deployment = deployment();
        Latencies latencies = Latencies.into(folder())) {
      return measure(settings, deployment, latencies);
    } catch (WrongPlan e) {
      System.err.println("parley bench: " + e.getMessage());
      return USAGE;
    } catch (LoadFailed
        | VaultException
        | KeysMissing
        | ConfigException
        | StartRefused
        | PortUnavailable
        | IOException e) {
      System.err.println("parley bench: " + sentence(e));
      return NO_LOAD;
    } finally {
      closed.countDown();
    }
  }

  /// The gateway's log would tear the live line apart; its warnings stay.
  private static void quieten() {
    if (System.getProperty("parley.log") == null) {
      System.setProperty("parley.log", "plain");
    }
    if (LoggerFactory.getLogger("parley") instanceof Logger gateway) {
      gateway.setLevel(Level.WARN);
    }
  }

  private Path folder() {
    return out != null ? out : home.resolve("results").resolve("load");
  }

  private Deployment deployment() throws Exception {
    if (plan != null) {
      return PlannedDeployment.open(LoadPlan.read(plan), join);
    }
    int wanted = groups == null ? 1 : groups;
    System.err.printf("parley bench: keys for %d groups, and a gateway ...%n", wanted);
    Reach reach = join ? Reach.JOINED : multicast ? Reach.MULTICAST : Reach.NAMED;
    return OwnGateway.start(wanted, listeners == null ? 1 : listeners, reach);
  }

  private int measure(LoadSettings settings, Deployment deployment, Latencies latencies)
      throws Exception {
    LoadReport report;
    PrintStream live = System.err;
    try (LoadRun run = LoadRun.open(settings, deployment, latencies, live)) {
      var hook = new Thread(() -> finish(run));
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        report = run.run();
        report.print(System.out);
      } finally {
        release(hook);
      }
    }
    JoinReport joins = report.joins();
    if (joins != null && !joins.isComplete()) {
      System.err.printf(
          "parley bench: %d of %d listeners did not join, and %d joined and heard nothing%n",
          joins.absent().size(), joins.wanted(), joins.silent().size());
      return PROMISE_BROKEN;
    }
    if (maxLoss != null && report.lossPercent() > maxLoss) {
      System.err.printf(
          "parley bench: %.4f %% were lost, more than --max-loss %s %%%n",
          report.lossPercent(), maxLoss);
      return PROMISE_BROKEN;
    }
    return 0;
  }

  /// Ctrl-C: the bursts end with BYE, the report is printed, everything is closed.
  private void finish(LoadRun run) {
    run.stop();
    try {
      var _ = closed.await(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void release(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // it is running: Ctrl-C was what ended the run
    }
  }

  private static String sentence(Exception e) {
    return e instanceof NoSuchFileException missing
        ? missing.getFile() + " does not exist"
        : String.valueOf(e.getMessage());
  }

  /// Checks every option.
  LoadSettings settings() {
    if (plan != null && (ownGateway || groups != null || listeners != null)) {
      throw usage("--plan names groups and listeners; leave --own-gateway, --groups, --listeners");
    }
    require(
        !join || !multicast,
        "--join and --multicast exclude each other: a listener joins a unicast relay, or hears a"
            + " multicast group without being known");
    require(
        plan == null || !multicast,
        "--multicast is for the own gateway; a --plan names multicast groups itself (listen:"
            + " [{multicast: ..., interface: ..., listeners: 10}])");
    require(
        !join || listeners == null || listeners <= MOST_JOINED,
        "a gateway lets at most %d receivers of a group join; use fewer --listeners"
            .formatted(MOST_JOINED));
    long ports = (groups == null ? 1L : groups) * (1L + (listeners == null ? 1 : listeners));
    require(groups == null || groups > 0, "--groups must be at least 1");
    require(listeners == null || listeners > 0, "--listeners must be at least 1");
    require(
        ports <= MOST_PORTS,
        "loopback has no room for so many ports: --groups times --listeners is at most "
            + MOST_PORTS);
    require(rate > 0 && rate <= MOST_RATE, "--rate must be above 0 and at most " + MOST_RATE);
    require(
        duration > 0 && duration <= MOST_SECONDS,
        "--duration must be above 0 and at most " + MOST_SECONDS);
    require(
        payload > 0 && payload <= LoadSettings.MOST_PAYLOAD_OCTETS,
        "--payload must be 1 to " + LoadSettings.MOST_PAYLOAD_OCTETS);
    require(
        jitter >= 0 && jitter <= MOST_JITTER_MILLIS, "--jitter must be 0 to " + MOST_JITTER_MILLIS);
    requirePercent("--loss", loss);
    requirePercent("--reorder", reorder);
    requirePercent("--duplicate", duplicate);
    requirePercent("--max-loss", maxLoss == null ? 0 : maxLoss);
    return new LoadSettings(
        rate,
        payload,
        Duration.ofNanos((long) (duration * 1e9)),
        new WireFaults(loss, reorder, duplicate, jitter),
        seed);
  }

  private void requirePercent(String option, double value) {
    require(value >= 0 && value <= 100, option + " must be 0 to 100 per cent");
  }

  private void require(boolean right, String sentence) {
    if (!right) {
      throw usage(sentence);
    }
  }

  private RuntimeException usage(String sentence) {
    return spec == null
        ? new IllegalArgumentException(sentence)
        : new ParameterException(spec.commandLine(), sentence);
  }
}
