package parley.gateway.cli;

import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.VaultConfig;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;

/// A vault file and what opens it: a passphrase file, a key file, or the person at the terminal.
/// Never an argument, which other users of the host could read.
record VaultAccess(Path file, @Nullable Path passphraseFile, @Nullable Path keyFile) {
  static VaultAccess of(VaultConfig config) {
    return new VaultAccess(config.file(), config.passphraseFile(), config.keyFile());
  }

  Vault open() throws VaultException, CommandFailed {
    try (VaultKey key = key()) {
      return Vault.open(file, key);
    }
  }

  /// Beside a process that may have it open for writing.
  Vault openToRead() throws VaultException, CommandFailed {
    try (VaultKey key = key()) {
      return Vault.openToRead(file, key);
    }
  }

  Vault create() throws VaultException, CommandFailed {
    try (VaultKey key = newKey()) {
      return Vault.create(file, key);
    }
  }

  Vault openOrCreate() throws VaultException, CommandFailed {
    return Files.exists(file) ? open() : create();
  }

  /// What opens the vault as it is.
  VaultKey key() throws CommandFailed {
    VaultKey fromFile = fromFile();
    return fromFile != null ? fromFile : asked("Passphrase of " + file + ": ");
  }

  /// What shall open the vault from now on; a person is asked twice.
  VaultKey newKey() throws CommandFailed {
    VaultKey fromFile = fromFile();
    if (fromFile != null) {
      return fromFile;
    }
    char[] first = ask("New passphrase of " + file + ": ");
    char[] second = ask("Once more: ");
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

  private @Nullable VaultKey fromFile() throws CommandFailed {
    if (passphraseFile != null && keyFile != null) {
      throw new CommandFailed(
          ExitCode.USAGE, "a passphrase file and a key file exclude each other; give one");
    }
    if (keyFile != null) {
      return VaultKey.keyFile(keyFile);
    }
    return passphraseFile == null ? null : VaultKey.passphraseFile(passphraseFile);
  }

  private static VaultKey asked(String prompt) throws CommandFailed {
    char[] passphrase = ask(prompt);
    try {
      return VaultKey.passphrase(passphrase);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  /// JDK 22 and later always have a console; whether a person sits there is another question.
  private static char[] ask(String prompt) throws CommandFailed {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(console -> console.readPassword("%s", prompt))
        .orElseThrow(() ->
            new CommandFailed(
                ExitCode.VAULT,
                "there is no terminal to ask for a passphrase; give a passphrase file or a key"
                    + " file"));
  }
}
