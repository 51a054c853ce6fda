package parley.bench.mikey;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import parley.bench.Failures;
import parley.bench.Machine;
import parley.bench.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley bench mikey`: ECCSI, SAKKE and announcements, every implementation in one run.
@Command(
    name = "mikey",
    description =
        "Measures ECCSI, SAKKE and announcements side by side: ours, Bouncy Castle, wolfSSL.",
    footer = {
      "",
      "Writes a table, mikey.csv and mikey.svg. A full run takes ten minutes, --quick two.",
      "wolfSSL needs cc and libwolfssl-dev; without them it is left out.",
      "",
      "Examples:",
      "  parley bench mikey",
      "  parley bench mikey --quick",
      "  parley bench mikey --only parley --operation sakkeDecapsulate",
      "",
      "Exit codes: 0 measured, 1 an implementation failed and is left out, 2 usage."
    })
public final class MikeyBench implements Callable<Integer> {
  /// Each name with the options of its JVM.
  private static final Map<String, String> IN_JAVA =
      new TreeMap<>(
          Map.of(
              MikeyGoals.OURS, "-Dparley.kernel=on",
              MikeyGoals.JAVA, "-Dparley.kernel=off",
              MikeyBenchmark.BOUNCY_CASTLE, "-Dparley.kernel=on"));

  private final Path home;

  @Option(names = "--quick", description = "One fork, short iterations.")
  boolean quick;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Implementations whose name begins so: ${DEFAULT-VALUE}.")
  List<String> only = List.of("parley", "Bouncy", "wolfSSL");

  @Option(
      names = "--operation",
      split = ",",
      paramLabel = "NAME",
      description = "Operations whose name begins so (default: all).")
  List<String> operations = List.of("");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  /// @param home the bench folder of the source tree
  public MikeyBench(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<MikeyRow> rows = new ArrayList<>();
    boolean failed = false;
    for (Map.Entry<String, String> java : IN_JAVA.entrySet()) {
      if (isWanted(java.getKey(), only)) {
        System.err.println("measuring " + java.getKey() + " ...");
        failed |= !measure(java.getKey(), java.getValue(), rows);
      }
    }
    if (isWanted(MikeyGoals.WOLFSSL, only)) {
      System.err.println("measuring " + MikeyGoals.WOLFSSL + " ...");
      rows.addAll(new WolfSsl(home).run(quick));
    }
    var report = new MikeyReport(Machine.here(Instant.now()), rows);
    report.print(System.out);
    Results.write(home, !quick && isWhole(), "mikey", report::write);
    return failed ? 1 : 0;
  }

  /// @return false where it failed; what it measured before that stays
  private boolean measure(String implementation, String jvmOption, List<MikeyRow> rows) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .param("implementation", implementation)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", jvmOption)
            .forks(quick ? 1 : 2)
            .warmupIterations(quick ? 2 : 3)
            .measurementIterations(quick ? 3 : 5);
    for (String operation : operations) {
      options.include(methods(MikeyBenchmark.class, operation));
      if (implementation.startsWith(MikeyGoals.OURS)) {
        options.include(methods(SealingBenchmark.class, operation));
      }
    }
    TimeValue time = TimeValue.milliseconds(quick ? 500 : 1000);
    options.warmupTime(time).measurementTime(time);
    try {
      for (RunResult result : new Runner(options.build()).run()) {
        rows.add(MikeyRow.of(implementation, result));
      }
      return true;
    } catch (RunnerException e) {
      System.err.println("left out, " + implementation + " failed: " + Failures.root(e));
      return false;
    }
  }

  private static String methods(Class<?> benchmark, String beginning) {
    return "^" + benchmark.getName().replace(".", "\\.") + "\\." + beginning;
  }

  private boolean isWhole() {
    return operations.contains("") && only.containsAll(List.of("parley", "Bouncy", "wolfSSL"));
  }

  private static boolean isWanted(String name, List<String> beginnings) {
    return beginnings.stream().anyMatch(name::startsWith);
  }
}
