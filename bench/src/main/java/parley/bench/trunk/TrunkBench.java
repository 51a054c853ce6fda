package parley.bench.trunk;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.bench.Machine;
import parley.bench.Results;
import parley.bench.relay.GatewayProcess;
import parley.bench.relay.RelayBench;
import parley.bench.relay.Testbed;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `parley bench trunk`: what a trunk between two gateways costs, beside a leg for each group.
@Command(
    name = "trunk",
    description = "Measures what a trunk between two gateways costs, beside a leg for each group.",
    footer = {
      "",
      "Gateway A hears each group by a UDP leg, verifies every packet and sends it to",
      "gateway B, by one trunk or by a leg for each group, in turns; B verifies again",
      "and sends to one receiver. CPU of A and of B for each packet, as a ratio of the",
      "same round too, loss, delay, and how many packets travel together. In each",
      "group somebody talks, a packet every 20 ms. Writes a table, trunk.csv and",
      "trunk.svg. A full run takes about ten minutes; --quick two. Sender and receiver",
      "are programs in C, so cc is needed. A group needs some file descriptors",
      "(ulimit -n).",
      "",
      "Examples:",
      "  parley bench trunk",
      "  parley bench trunk --quick",
      "  parley bench trunk --groups 32,100,1000 --io batch",
      "  parley bench trunk --groups 32 --rate 400 --rounds 9",
      "",
      "Exit codes: 0 measured, 1 failed, 2 usage, 3 no C compiler."
    })
public final class TrunkBench implements Callable<Integer> {
  enum Io {
    BATCH,
    NETTY;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(names = "--quick", description = "32 groups, two short rounds.")
  boolean quick;

  @Option(
      names = "--groups",
      split = ",",
      paramLabel = "N",
      description = "Groups of the gateways (default: 32,256).")
  @Nullable List<Integer> groups;

  @Option(
      names = "--io",
      split = ",",
      paramLabel = "batch|netty",
      description = "Paths of both gateways (default: both, one after the other).")
  List<Io> paths = List.of(Io.values());

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Packets a second in each group (default: 50, which is speech).")
  int rate = TrunkPlan.SPEECH;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Windows of each way, in turns (default: 5).")
  @Nullable Integer rounds;

  @Option(
      names = "--jvm",
      paramLabel = "OPTION",
      description = "One more option of the gateways' JVM; repeatable.")
  List<String> jvm = List.of();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  private final Path home;

  /// @param home the bench folder of the source tree
  public TrunkBench(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws Exception {
    TrunkPlan plan = plan();
    return Testbed.use(home, bed -> run(bed, plan));
  }

  private TrunkPlan plan() {
    try {
      return TrunkPlan.of(
          groups != null ? groups : quick ? TrunkPlan.QUICK_GROUPS : TrunkPlan.GROUPS,
          paths.stream().map(Io::label).toList(),
          rate,
          rounds != null ? rounds : quick ? TrunkPlan.QUICK_ROUNDS : TrunkPlan.ROUNDS,
          quick);
    } catch (IllegalArgumentException e) {
      throw spec == null ? e : new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private int run(Testbed bed, TrunkPlan plan) throws Exception {
    Machine machine = Machine.here(Instant.now());
    bed.others().confineThisProcess();
    CipherEngine engine = CipherEngines.select("auto");
    var program = new GatewayProcess(RelayBench.jvmOptions(home), jvm);
    var run = new TrunkRun(bed, plan, program, engine);
    run.run();
    var report =
        new TrunkReport(
            machine,
            List.of(
                "traffic  RTP of 12 + 160 octets and 14 more (tag and MKI), verified by A and by B; %d packets/s in each group"
                    .formatted(rate),
                "rounds   %d of %.0f s".formatted(plan.rounds(), plan.seconds()),
                "cores    both gateways on %s, others on %s"
                    .formatted(bed.relayCores().shown(), bed.others().shown()),
                "JVM      " + String.join(" ", program.jvmOptions())),
            run.rows(),
            run.notes());
    report.print(System.out);
    Results.write(home, isWhole(), "trunk", report::write);
    return 0;
  }

  /// A part does not replace the results of all; more rounds do.
  private boolean isWhole() {
    return !quick
        && groups == null
        && paths.size() == Io.values().length
        && rate == TrunkPlan.SPEECH
        && (rounds == null || rounds >= TrunkPlan.ROUNDS)
        && jvm.isEmpty();
  }
}
