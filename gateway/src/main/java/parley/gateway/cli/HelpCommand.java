package parley.gateway.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley help kms issue`: the same page as `parley kms issue --help`.
@Command(
    name = "help",
    description = "Shows what a subcommand does.",
    footer = {
      "",
      "Examples:",
      "  parley help",
      "  parley help kms issue",
      "  parley help exit-codes   how every subcommand ends"
    })
final class HelpCommand implements Callable<Integer> {
  private static final String EXIT_CODES = "exit-codes";

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Subcommand, and its own.")
  List<String> path = List.of();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws CommandFailed {
    CommandLine command = parent();
    if (path.equals(List.of(EXIT_CODES))) {
      printExitCodes(command.getOut());
      return ExitCode.OK.code();
    }
    for (String name : path) {
      CommandLine next = command.getSubcommands().get(name);
      if (next == null) {
        throw new CommandFailed(
            ExitCode.USAGE,
            "there is no command '%s'; 'parley help' lists what there is".formatted(name));
      }
      command = next;
    }
    command.usage(parent().getOut());
    return ExitCode.OK.code();
  }

  private static void printExitCodes(PrintWriter out) {
    out.println("How every subcommand ends, for scripts and service managers:");
    for (ExitCode code : ExitCode.values()) {
      out.printf("  %d  %s%n", code.code(), code.meaning());
    }
    out.println("Ended by a signal: 128 and the signal's number, 130 for Ctrl-C, 143 for SIGTERM.");
    out.flush();
  }

  private CommandLine parent() {
    if (spec == null) {
      throw new IllegalStateException("a subcommand runs only below parley");
    }
    return spec.parent().commandLine();
  }
}
