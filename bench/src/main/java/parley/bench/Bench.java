package parley.bench;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.bench.growth.GrowthBench;
import parley.bench.kms.KmsBench;
import parley.bench.load.LoadBench;
import parley.bench.mikey.MikeyBench;
import parley.bench.mikey.RekeyBench;
import parley.bench.relay.RelayBench;
import parley.bench.trunk.TrunkBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley bench [srtp|mikey|rekey|kms|relay|growth|trunk|load|all]`: measures, prints a table,
/// writes CSV.
@Command(
    name = "bench",
    description = "Measures what a packet, an announcement and a key cost on this machine.",
    footer = {
      "",
      "'all' is srtp and mikey. Each has options of its own: parley bench srtp --help",
      "",
      "Examples:",
      "  parley bench srtp --quick",
      "  parley bench mikey --quick",
      "  parley bench rekey",
      "  parley bench kms --quick",
      "  parley bench relay --quick",
      "  parley bench growth --quick",
      "  parley bench trunk --quick",
      "  parley bench load --help       (a load for your own gateway)",
      "  parley bench all"
    })
public final class Bench implements Callable<Integer> {
  private static final String ALL = "all";

  @Parameters(
      paramLabel = "all",
      arity = "0..1",
      defaultValue = ALL,
      description = "What to measure (default: ${DEFAULT-VALUE}).")
  String what = ALL;

  @Option(names = "--quick", description = "Less of everything: good for a first look only.")
  boolean quick;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  public static void main(String[] args) {
    boolean named = args.length > 0 && args[0].equals("bench");
    String[] rest = named ? Arrays.copyOfRange(args, 1, args.length) : args;
    Object own = rest.length == 0 ? null : byName(rest[0]);
    System.exit(
        commandLine(own == null ? new Bench() : own)
            .execute(own == null ? rest : Arrays.copyOfRange(rest, 1, rest.length)));
  }

  private static CommandLine commandLine(Object command) {
    return new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static @Nullable Object byName(String name) {
    return switch (name) {
      case "srtp" -> new SrtpBench();
      case "mikey" -> new MikeyBench(home());
      case "rekey" -> new RekeyBench();
      case "kms" -> new KmsBench(home());
      case "relay" -> new RelayBench(home());
      case "growth" -> new GrowthBench(home());
      case "trunk" -> new TrunkBench(home());
      case "load" -> new LoadBench(home());
      default -> null;
    };
  }

  @Override
  public Integer call() {
    if (!what.equals(ALL)) {
      System.err.println("parley bench: there is no benchmark " + what + "; see --help");
      return CommandLine.ExitCode.USAGE;
    }
    String[] options = quick ? new String[] {"--quick"} : new String[0];
    int srtp = commandLine(new SrtpBench()).execute(options);
    int mikey = commandLine(new MikeyBench(home())).execute(options);
    return Math.max(srtp, mikey);
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
