package parley.gateway.cli;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// The one program: `parley COMMAND`, one class per subcommand.
///
/// Errors are one sentence on stderr and an [ExitCode]; `--debug` adds the stack trace.
@Command(
    name = "parley",
    description = "A group peering entity for secure group media.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      GatewayCommand.class,
      KmsCommand.class,
      BsfCommand.class,
      ManagerCommand.class,
      GroupCommand.class,
      EnrolCommand.class,
      SimCommand.class,
      VaultCommand.class,
      RecordingsCommand.class,
      ControlCommand.class,
      TokenCommand.class,
      AuditCommand.class,
      MikeyCommand.class,
      TalkCommand.class,
      ListenCommand.class,
      AnnounceCommand.class,
      DemoCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  parley demo                           the whole system on loopback",
      "  parley gateway --check gateway.yaml   what is wrong in a configuration",
      "  parley gateway --config gateway.yaml  the gateway, until Ctrl-C",
      "  parley help kms issue                 what a subcommand does",
      "  parley bench srtp --quick             benchmarks",
      "  source <(parley completion bash)      the shell completes what you type",
      "",
      "Exit codes: 0 ok, 1 the job failed, 2 usage, 3 missing prerequisite,",
      "4 configuration refused, 5 vault or passphrase, 6 port or interface unavailable,",
      "7 keys missing or expired, 8 clock."
    })
public final class Parley {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  boolean debug;

  @Option(
      names = "--log",
      scope = ScopeType.INHERIT,
      paramLabel = "json|plain",
      description = "How log lines look (default: plain on a terminal, else json).")
  @Nullable LogStyle
      log; // read from the bare arguments by LogStyle, before the first logger exists

  @Option(
      names = "--log-file",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Log to this file, rotated each day and by size (default: to stderr).")
  @Nullable Path logFile; // this and the next two are read by LogTarget

  @Option(
      names = "--log-max-size",
      scope = ScopeType.INHERIT,
      paramLabel = "SIZE",
      converter = LogTarget.Size.class,
      description = "Size of one log file (default: " + LogTarget.DEFAULT_SIZE + ").")
  @Nullable Long logMaxOctets;

  @Option(
      names = "--log-keep",
      scope = ScopeType.INHERIT,
      paramLabel = "N",
      description = "Keep so many log files (default: " + LogTarget.DEFAULT_KEEP + ").")
  @Nullable Integer logKeep;

  public static void main(String[] args) {
    LogTarget target = LogTarget.of(args, System.getenv());
    try {
      target.apply(LogStyle.of(args, target));
    } catch (CommandFailed e) {
      System.err.println("parley: " + e.sentence());
      System.exit(e.exitCode().code());
    }
    System.exit(commandLine().execute(args));
  }

  /// The whole command line, ready to execute in this process; tests give it their own writers.
  public static CommandLine commandLine() {
    var parley = new Parley();
    CommandLine commandLine = new CommandLine(parley);
    tellExitCodes(commandLine);
    return commandLine
        .setColorScheme(Colours.ofHelp())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .registerConverter(Identity.class, new IdentityConverter())
        .registerConverter(InetSocketAddress.class, new AddressConverter())
        .setParameterExceptionHandler(Parley::refuseUsage)
        .setExecutionExceptionHandler((e, command, _) -> parley.report(e, command));
  }

  /// A page that says nothing of its own points to the list of all.
  private static void tellExitCodes(CommandLine command) {
    UsageMessageSpec page = command.getCommandSpec().usageMessage();
    List<String> footer = new ArrayList<>(List.of(page.footer()));
    if (footer.stream().noneMatch(line -> line.startsWith("Exit code"))) {
      footer.add("");
      footer.add("Exit codes: 0 done, 2 usage; 'parley help exit-codes' lists all.");
      page.footer(footer.toArray(String[]::new));
    }
    command.getSubcommands().values().forEach(Parley::tellExitCodes);
  }

  private static int refuseUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("parley: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'");
    return ExitCode.USAGE.code();
  }

  private int report(Exception e, CommandLine command) {
    CommandFailed failure = Failures.explain(e);
    PrintWriter err = command.getErr();
    err.println("parley: " + failure.sentence());
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
    return failure.exitCode().code();
  }
}
