package parley.bench.kms;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import parley.bench.Machine;
import parley.bench.Results;
import parley.bench.relay.GatewayProcess;
import parley.bench.relay.Numbers;
import parley.bench.relay.ProcessCpu;
import parley.bench.relay.RelayBench;
import parley.bench.relay.Testbed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley bench kms`: key sets that a KMS on one core gives in a second.
@Command(
    name = "kms",
    description = "Measures how many key sets a KMS on one core gives in a second.",
    footer = {
      "",
      "The issuer alone beside wolfSSL; the server over HTTPS with connections that are",
      "kept and with a new one for each request, beside the handshakes of OpenSSL's",
      "server on the same core. Questions are signed, answers wrapped, transport keys",
      "renewed and an audit line written for each, as in service. Tables and audit log",
      "lie in memory, so no disk is waited for. Writes a table, kms.csv and kms.svg.",
      "",
      "Examples:",
      "  parley bench kms",
      "  parley bench kms --quick",
      "  parley bench kms --connections 32",
      "",
      "Exit codes: 0 measured, 1 failed, 2 usage, 3 no C compiler."
    })
public final class KmsBench implements Callable<Integer> {
  @Option(names = "--quick", description = "Two short rounds.")
  boolean quick;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections that ask at once (default: ${DEFAULT-VALUE}).")
  int connections = 8;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private static final int USERS = 64;

  private final Path home;

  /// @param home the bench folder of the source tree
  public KmsBench(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws Exception {
    if (connections < 1 || connections > USERS) {
      System.err.println("parley bench: --connections is from 1 to " + USERS);
      return 2;
    }
    return Testbed.use(home, this::run);
  }

  private int run(Testbed bed) throws Exception {
    Machine machine = Machine.here(Instant.now());
    bed.others().confineThisProcess();
    int rounds = quick ? 2 : 5;
    double seconds = quick ? 2 : 8;
    List<KmsRow> rows = new ArrayList<>();
    var issuing = new Issuing(bed, home);
    say("the issuer alone");
    rows.add(KmsRow.of(KmsReport.ISSUER, issuing.ours(rounds, seconds)));
    say("wolfSSL");
    List<Double> wolfSsl = issuing.wolfSsl(rounds, seconds / 2);
    if (!wolfSsl.isEmpty()) {
      rows.add(KmsRow.of(KmsReport.WOLFSSL, wolfSsl));
    }
    var program =
        new GatewayProcess(RelayBench.jvmOptions(home), List.of())
            .startingWithin(Duration.ofMinutes(5));
    say("a KMS starts, " + USERS + " users enrol");
    KmsHost kms = KmsHost.start(bed, program, USERS);
    try (Terminals terminals = Terminals.enrol(kms, USERS, connections)) {
      over(kms, terminals, bed, rounds, seconds, rows);
    }
    var report =
        new KmsReport(
            machine,
            List.of(
                "cores    KMS and openssl s_server on %s, clients on %s"
                    .formatted(bed.relayCores().shown(), bed.others().shown()),
                "clients  %d users over %d connections, TLS 1.3, P-256"
                    .formatted(USERS, connections),
                "rounds   %d of %.0f s, taken in turns; the spread is half of highest less lowest"
                    .formatted(rounds, seconds),
                "JVM      " + String.join(" ", program.jvmOptions())),
            rows);
    report.print(System.out);
    Results.write(home, !quick && connections == 8, "kms", report::write);
    return 0;
  }

  private static void over(
      KmsHost kms, Terminals terminals, Testbed bed, int rounds, double seconds, List<KmsRow> rows)
      throws Exception {
    var kept = new Way(kms, terminals, true);
    var fresh = new Way(kms, terminals, false);
    List<Double> handshakes = new ArrayList<>();
    Optional<OpensslTls> openssl = OpensslTls.start(bed, kms);
    say("warming up");
    kept.round(2 * seconds, false);
    fresh.round(2 * seconds, false);
    for (int round = 1; round <= rounds; round++) {
      say("round %d of %d".formatted(round, rounds));
      kept.round(seconds, true);
      fresh.round(seconds, true);
      if (openssl.isPresent()) {
        handshakes.add(openssl.get().perSecond((int) seconds));
      }
    }
    rows.add(kept.row(KmsReport.KEPT));
    rows.add(fresh.row(KmsReport.NEW));
    if (openssl.isPresent()) {
      rows.add(KmsRow.of(KmsReport.OPENSSL, handshakes));
      openssl.get().close();
    }
  }

  /// One way to reach the server, round by round.
  private static final class Way {
    private final ProcessCpu cpu;
    private final Terminals terminals;
    private final boolean isKept;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> cpuMicros = new ArrayList<>();
    private final List<Double> p50 = new ArrayList<>();
    private final List<Double> p99 = new ArrayList<>();

    Way(KmsHost kms, Terminals terminals, boolean isKept) {
      this.cpu = kms.cpu();
      this.terminals = terminals;
      this.isKept = isKept;
    }

    void round(double seconds, boolean counts) throws Exception {
      long before = cpu.nanos();
      Terminals.Work work = terminals.ask(seconds, isKept);
      long used = cpu.nanos() - before;
      if (counts) {
        rates.add(work.perSecond());
        cpuMicros.add(used / 1e3 / work.keySets());
        p50.add(work.millis(50));
        p99.add(work.millis(99));
      }
    }

    KmsRow row(String name) {
      return new KmsRow(
          name,
          Numbers.of(rates),
          Numbers.of(cpuMicros),
          Numbers.of(p50).median(),
          Numbers.of(p99).median());
    }
  }

  private static void say(String text) {
    System.err.println(text + " ...");
  }
}
