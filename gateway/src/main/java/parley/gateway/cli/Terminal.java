package parley.gateway.cli;

import java.io.Console;
import java.util.Arrays;
import java.util.Optional;
import parley.keys.vault.VaultKey;

/// The person at the terminal, who is asked for what must not be an argument: other users of the
/// host could read that.
final class Terminal {
  private Terminal() {}

  /// Without echo; the caller wipes it.
  static char[] ask(String what) throws CommandFailed {
    return console()
        .map(console -> console.readPassword("%s: ", what))
        .orElseThrow(() ->
            new CommandFailed(
                ExitCode.VAULT,
                "there is no terminal to ask for a passphrase; give a passphrase file or a key"
                    + " file"));
  }

  static VaultKey askPassphrase(String what) throws CommandFailed {
    char[] passphrase = ask(what);
    try {
      return VaultKey.passphrase(passphrase);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  /// Asks twice.
  static VaultKey askNewPassphrase(String what) throws CommandFailed {
    char[] first = ask(what);
    char[] second = ask("Once more");
    try {
      if (first.length == 0 || !Arrays.equals(first, second)) {
        throw new CommandFailed(
            ExitCode.VAULT, "the two passphrases differ or are empty; begin again");
      }
      return VaultKey.passphrase(first);
    } finally {
      Arrays.fill(first, '\0');
      Arrays.fill(second, '\0');
    }
  }

  /// False where nobody sits there.
  static boolean agrees(String question) {
    return console()
        .map(console -> console.readLine("%s [y/N] ", question))
        .filter(answer -> answer.strip().equalsIgnoreCase("y"))
        .isPresent();
  }

  /// JDK 22 and later always have a console; whether a person sits there is another question.
  private static Optional<Console> console() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }
}
