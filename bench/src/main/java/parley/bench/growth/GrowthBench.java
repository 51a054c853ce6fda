package parley.bench.growth;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import picocli.CommandLine.Option;

/// `parley bench growth`: memory and CPU of a gateway from 10 groups to 10,000.
@Command(
    name = "growth",
    description =
        "Measures how a gateway grows from 10 groups to 10,000, and two loops against one.",
    footer = {
      "",
      "Memory, file descriptors, time to start, CPU for each output packet and without",
      "media, with the JVM options of the service. Ten receivers for each group, a",
      "packet every 20 ms in a tenth of the groups, at most in 100. Writes a table,",
      "growth.csv and growth.svg. Keys for 10,000 groups take most of the hour that a",
      "full run takes; --quick is some minutes. More than 1000 groups get a larger",
      "heap than the service has. Sender and receiver are programs in C, so cc is",
      "needed. A group needs two file descriptors (ulimit -n).",
      "",
      "Examples:",
      "  parley bench growth",
      "  parley bench growth --quick",
      "  parley bench growth --groups 1000 --no-loops",
      "  parley bench growth --groups 1000 --jvm=-XX:+UseG1GC",
      "",
      "Exit codes: 0 measured, 1 failed, 2 usage, 3 no C compiler."
    })
public final class GrowthBench implements Callable<Integer> {
  private static final List<Integer> ALL = List.of(10, 100, 1000, 10_000);

  @Option(names = "--quick", description = "10 and 100 groups, two short rounds.")
  boolean quick;

  @Option(
      names = "--groups",
      split = ",",
      paramLabel = "N",
      description = "Groups of the gateways (default: 10,100,1000,10000).")
  @Nullable List<Integer> groups;

  @Option(names = "--no-loops", description = "Do not compare two loops with one.")
  boolean withoutLoops;

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

  private final Path home;

  /// @param home the bench folder of the source tree
  public GrowthBench(Path home) {
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
    List<String> notes = new ArrayList<>();
    GrowthPlan plan = GrowthPlan.of(sizes(notes), !withoutLoops, quick);
    var program = new GatewayProcess(RelayBench.jvmOptions(home), jvm);
    var run = new GrowthRun(bed, plan, program, engine);
    run.run();
    notes.addAll(run.notes());
    var report =
        new GrowthReport(
            machine,
            List.of(
                "traffic  RTP of 12 + 160 octets and 14 more (tag and MKI), every packet verified and forwarded",
                "cores    gateway on %s, others on %s"
                    .formatted(bed.relayCores().shown(), bed.others().shown()),
                "JVM      " + String.join(" ", program.jvmOptions())),
            run.rows(),
            notes);
    report.print(System.out);
    boolean isWhole = groups == null && !quick && !withoutLoops && jvm.isEmpty();
    Results.write(home, isWhole, "growth", report::write);
    return 0;
  }

  private List<Integer> sizes(List<String> notes) {
    List<Integer> wanted = groups != null ? groups : quick ? List.of(10, 100) : ALL;
    long most = mostDescriptors();
    List<Integer> sizes = new ArrayList<>();
    for (int size : wanted.stream().distinct().sorted().toList()) {
      int possible = GrowthPlan.within(size, most);
      if (possible < size) {
        notes.add(
            "%d groups in place of %d: a process may have %d file descriptors here (ulimit -n)"
                .formatted(possible, size, most));
      }
      sizes.add(possible);
    }
    return sizes.stream().distinct().toList();
  }

  private static long mostDescriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
