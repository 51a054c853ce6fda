package parley.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley bench srtp`: every implementation under the same work, in one run.
@Command(
    name = "srtp",
    description =
        "Measures SRTP side by side: our engines, jitsi-srtp, JCA providers, programs in C.",
    footer = {
      "",
      "Writes a table, srtp.csv and srtp.svg. A full run takes 45 minutes to an hour; --quick two minutes.",
      "The programs in C need cc, libsrtp2-dev and libssl-dev; what is missing is left out and said.",
      "",
      "Examples:",
      "  parley bench srtp",
      "  parley bench srtp --quick",
      "  parley bench srtp --only native,jitsi-srtp --payload 160",
      "",
      "Exit codes: 0 measured, 1 the native kernel is far slower than it should be, or an implementation",
      "failed and is left out, 2 usage."
    })
final class SrtpBench implements Callable<Integer> {
  private static final List<String> ALL =
      List.of("native", "openssl", "jce", "jitsi-srtp", "SunJCE", "Conscrypt", "BC", "ACCP");
  private static final List<String> QUICK = List.of("native", "openssl", "jce", "jitsi-srtp");
  private static final List<String> PROFILES =
      List.of("AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80");

  @Option(names = "--quick", description = "Fewer implementations, 160 octets, one stream.")
  boolean quick;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "These implementations.")
  @Nullable List<String> only;

  @Option(names = "--profile", split = ",", paramLabel = "NAME", description = "These profiles.")
  List<String> profiles = PROFILES;

  @Option(names = "--payload", split = ",", paramLabel = "OCTETS", description = "These lengths.")
  @Nullable List<Integer> payloads;

  @Option(names = "--streams", split = ",", paramLabel = "N", description = "So many streams.")
  @Nullable List<Integer> streams;

  @Option(names = "--no-anchors", description = "Leave the programs in C out.")
  boolean withoutAnchors;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return run(Bench.home());
  }

  int run(Path benchFolder) throws IOException, InterruptedException {
    List<Integer> lengths = chosen(payloads, List.of(20, 160, 1000), List.of(160));
    List<Integer> many = chosen(streams, List.of(1, 1024), List.of(1));
    List<SrtpRow> rows = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (String implementation : chosen(only, ALL, QUICK)) {
      System.err.println("measuring " + implementation + " ...");
      var options =
          new OptionsBuilder()
              .include("^" + SrtpBenchmark.class.getName().replace(".", "\\.") + "\\.")
              .param("implementation", implementation)
              .param("profile", profiles.toArray(String[]::new))
              .param("payload", strings(lengths))
              .param("streams", strings(many))
              .verbosity(VerboseMode.SILENT)
              .shouldFailOnError(true)
              .jvmArgsAppend(
                  "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
              .forks(1)
              .warmupIterations(quick ? 3 : 4)
              .measurementIterations(5)
              .warmupTime(TimeValue.milliseconds(300))
              .measurementTime(TimeValue.milliseconds(300))
              .build();
      try {
        for (RunResult result : new Runner(options).run()) {
          rows.add(SrtpRow.of(result));
        }
      } catch (RunnerException e) {
        failed.add(implementation);
        System.err.println("left out, " + implementation + " failed: " + Failures.root(e));
      }
    }
    if (!withoutAnchors) {
      System.err.println("measuring programs in C ...");
      rows.addAll(new Anchors(benchFolder).run(profiles, lengths, many));
    }
    var report = new SrtpReport(Machine.here(Instant.now()), rows);
    report.print(System.out);
    Path results = benchFolder.resolve("results");
    report.write(results);
    System.out.println("\nwritten to " + results.resolve("srtp.csv") + " and srtp.svg");
    List<String> sick = report.sick();
    sick.forEach(sentence -> System.err.println("parley bench: " + sentence));
    return sick.isEmpty() && failed.isEmpty() ? 0 : 1;
  }

  private <T> List<T> chosen(@Nullable List<T> asked, List<T> all, List<T> few) {
    if (asked != null) {
      return asked;
    }
    return quick ? few : all;
  }

  private static String[] strings(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).toArray(String[]::new);
  }
}
