package parley.gateway.cli;

import org.jspecify.annotations.Nullable;

/// A subcommand that cannot go on: the sentence the user reads on stderr, and the exit code.
///
/// The sentence says what is wrong, where, and what to do about it. It starts in lower case and has
/// no full stop, because it is printed after `parley: `.
public final class CommandFailed extends Exception {
  private final ExitCode exitCode;

  public CommandFailed(ExitCode exitCode, String sentence) {
    this(exitCode, sentence, null);
  }

  public CommandFailed(ExitCode exitCode, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
