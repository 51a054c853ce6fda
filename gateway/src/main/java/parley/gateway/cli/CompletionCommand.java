package parley.gateway.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley completion bash | zsh`: what makes the shell complete subcommands and options.
@Command(
    name = "completion",
    description = "Prints a script that makes the shell complete subcommands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(parley completion bash)                   for this shell",
      "  parley completion bash > /etc/bash_completion.d/parley",
      "  source <(parley completion zsh)                    for this shell, or in ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {
  /// What can be completed in.
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  Shell shell = Shell.BASH;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine parley = Objects.requireNonNull(spec).root().commandLine();
    PrintWriter out = parley.getOut();
    if (shell == Shell.ZSH) {
      // the script is bash's; zsh has a bridge to such
      out.println("autoload -U +X compinit && compinit");
      out.println("autoload -U +X bashcompinit && bashcompinit");
    }
    out.print(AutoComplete.bash("parley", parley));
    out.flush();
    return ExitCode.OK.code();
  }
}
