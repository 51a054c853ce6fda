package parley.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import parley.bench.growth.GrowthBench;
import parley.bench.load.LoadBench;
import parley.bench.relay.RelayBench;
import parley.bench.trunk.TrunkBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley bench [srtp|relay|growth|trunk|mikey|load|all] [--quick]`: measures, prints a table,
/// writes CSV.
@Command(
    name = "bench",
    description = "Measures what a packet, an announcement and a key cost on this machine.",
    footer = {
      "",
      "A full run takes about ten minutes; --quick about one and is good for a first look only.",
      "",
      "Examples:",
      "  parley bench srtp --quick      (has options of its own: parley bench srtp --help)",
      "  parley bench relay --quick     (likewise: parley bench relay --help)",
      "  parley bench growth --quick    (likewise: parley bench growth --help)",
      "  parley bench trunk --quick     (likewise: parley bench trunk --help)",
      "  parley bench load --help       (a load for your own gateway)",
      "  parley bench all"
    })
public final class Bench implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Parameters(
      paramLabel = "mikey|all",
      arity = "0..1",
      defaultValue = "all",
      description = "What to measure (default: all).")
  Suite suite = Suite.ALL;

  @Option(names = "--quick", description = "One fork, short iterations.")
  boolean quick;

  @Option(names = "--out", paramLabel = "FILE", description = "CSV (default: bench/results/...).")
  @Nullable Path out;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  public static void main(String[] args) {
    boolean named = args.length > 0 && args[0].equals("bench");
    String[] rest = named ? Arrays.copyOfRange(args, 1, args.length) : args;
    Object own = rest.length == 0 ? null : byName(rest[0]);
    CommandLine command = new CommandLine(own == null ? new Bench() : own);
    System.exit(
        command
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(own == null ? rest : Arrays.copyOfRange(rest, 1, rest.length)));
  }

  /// Those that have options of their own.
  private static @Nullable Object byName(String name) {
    return switch (name) {
      case "srtp" -> new SrtpBench();
      case "relay" -> new RelayBench(home());
      case "growth" -> new GrowthBench(home());
      case "trunk" -> new TrunkBench(home());
      case "load" -> new LoadBench(home());
      default -> null;
    };
  }

  @Override
  public Integer call() throws RunnerException, IOException {
    Instant now = Instant.now();
    List<Measurement> measurements = new ArrayList<>();
    for (String benchmark : benchmarks()) {
      System.err.println("measuring " + benchmark + " ...");
      new Runner(options(benchmark)).run().forEach(run -> measurements.add(Measurement.of(run)));
    }
    int srtp = suite == Suite.ALL ? srtp() : 0;
    var report = new Report(Machine.here(now), measurements);
    report.print(System.out);
    Path csv = out == null ? csv(now) : out;
    report.write(csv);
    System.out.println("\nwritten to " + csv);
    return srtp;
  }

  private int srtp() throws RunnerException, IOException {
    var bench = new SrtpBench();
    bench.quick = quick;
    try {
      return bench.run(home());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private List<String> benchmarks() {
    return suite.benchmarks().stream()
        .flatMap(type ->
            Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(method -> type.getName() + "." + method.getName())
                .sorted())
        .toList();
  }

  private Options options(String benchmark) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + benchmark.replace(".", "\\.") + "$")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .jvmArgsAppend(
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
            .forks(quick ? 1 : 2)
            .warmupIterations(quick ? 2 : 3)
            .measurementIterations(quick ? 3 : 5);
    TimeValue time = quick ? TimeValue.milliseconds(300) : TimeValue.seconds(1);
    return options.warmupTime(time).measurementTime(time).build();
  }

  private Path csv(Instant now) {
    String name = STAMP.format(now) + "-" + suite.name().toLowerCase(Locale.ROOT) + ".csv";
    return home().resolve("results").resolve(name);
  }

  /// The bench folder of the source tree these classes were built in, else where the command was
  /// given.
  static Path home() {
    try {
      Path classes =
          Path.of(Bench.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      boolean inTree = classes.endsWith(Path.of("target", "classes"));
      return inTree ? classes.resolve("../..").normalize() : Path.of("bench");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the classes have no place", e);
    }
  }
}
