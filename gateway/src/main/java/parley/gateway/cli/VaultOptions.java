package parley.gateway.cli;

import java.io.Console;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import picocli.CommandLine.Option;

/// How a subcommand is told which vault, and what opens it.
final class VaultOptions {
  @Option(names = "--vault", required = true, paramLabel = "FILE", description = "The vault.")
  Path vault = Path.of("vault");

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "Its first line opens the vault (default: asked on the terminal).")
  @Nullable Path passphraseFile;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "32 octets that open the vault, instead of a passphrase.")
  @Nullable Path keyFile;

  Vault open() throws VaultException, CommandFailed {
    try (VaultKey key = key()) {
      return Vault.open(vault, key);
    }
  }

  /// The vault's recording key; a vault without one stays without.
  RecordingKey recordingKey(Vault open) throws VaultException, CommandFailed {
    if (open.names("recording-key").isEmpty()) {
      throw new CommandFailed(
          ExitCode.VAULT,
          "vault %s has no recording key; use the vault of the gateway that recorded"
              .formatted(vault));
    }
    return open.recordingKey();
  }

  private VaultKey key() throws CommandFailed {
    if (passphraseFile != null && keyFile != null) {
      throw new CommandFailed(
          ExitCode.USAGE, "--passphrase-file and --key-file exclude each other; give one");
    }
    if (keyFile != null) {
      return VaultKey.keyFile(keyFile);
    }
    return passphraseFile != null ? VaultKey.passphraseFile(passphraseFile) : ask();
  }

  private VaultKey ask() throws CommandFailed {
    char[] passphrase =
        Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .map(console -> console.readPassword("Passphrase of %s: ", vault))
            .orElseThrow(VaultOptions::noTerminal);
    try {
      return VaultKey.passphrase(passphrase);
    } finally {
      Arrays.fill(passphrase, ' ');
    }
  }

  private static CommandFailed noTerminal() {
    return new CommandFailed(
        ExitCode.VAULT, "there is no terminal to ask for a passphrase; give --passphrase-file");
  }
}
