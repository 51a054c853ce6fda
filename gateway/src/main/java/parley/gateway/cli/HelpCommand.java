package parley.gateway.cli;

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
    footer = {"", "Examples:", "  parley help", "  parley help kms issue"})
final class HelpCommand implements Callable<Integer> {
  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Subcommand, and its own.")
  List<String> path = List.of();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws CommandFailed {
    CommandLine command = parent();
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

  private CommandLine parent() {
    if (spec == null) {
      throw new IllegalStateException("a subcommand runs only below parley");
    }
    return spec.parent().commandLine();
  }
}
