package parley.gateway.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.keys.vault.TokenSettings;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;

/// What opens a vault, or shall open it, as the command line or a configuration names it. What is
/// not in a file, the person at the terminal is asked for.
///
/// @param recovery a file with the recovery share
/// @param token which token, and which of its keys
/// @param pinFile of the token; null asks
/// @param shares holders, each with a passphrase file or an empty path, which asks
/// @param needed how many holders shall be needed; 0 where there is no new set
record KeySource(
    @Nullable Path passphraseFile,
    @Nullable Path keyFile,
    @Nullable Path recovery,
    boolean askRecovery,
    @Nullable TokenSettings token,
    @Nullable Path pinFile,
    Map<String, Path> shares,
    int needed) {
  static final Path ASK = Path.of("");

  static KeySource files(@Nullable Path passphraseFile, @Nullable Path keyFile) {
    return new KeySource(passphraseFile, keyFile, null, false, null, null, Map.of(), 0);
  }

  /// What opens the vault as it is.
  VaultKey present(Path vault) throws CommandFailed {
    requireOne();
    Optional<VaultKey> fromFile = fromFile();
    if (fromFile.isPresent()) {
      return fromFile.get();
    }
    if (token != null) {
      return token(token);
    }
    if (!shares.isEmpty()) {
      return VaultKey.shares(holders(false));
    }
    return askRecovery ? recovered(vault) : Terminal.askPassphrase("Passphrase of " + vault);
  }

  /// What shall open the vault from now on; a person is asked twice.
  VaultKey fresh(Path vault) throws CommandFailed, VaultException {
    requireOne();
    Optional<VaultKey> fromFile = fromFile();
    if (fromFile.isPresent()) {
      return fromFile.get();
    }
    if (token != null) {
      return token(token);
    }
    return shares.isEmpty()
        ? Terminal.askNewPassphrase("New passphrase of " + vault)
        : VaultKey.newShares(needed, holders(true));
  }

  private Optional<VaultKey> fromFile() {
    if (keyFile != null) {
      return Optional.of(VaultKey.keyFile(keyFile));
    }
    if (recovery != null) {
      return Optional.of(VaultKey.recoveryFile(recovery));
    }
    return Optional.ofNullable(passphraseFile).map(VaultKey::passphraseFile);
  }

  private VaultKey token(TokenSettings settings) throws CommandFailed {
    if (pinFile != null) {
      return VaultKey.token(settings, pinFile);
    }
    char[] pin = Terminal.ask("PIN of " + settings.library());
    try {
      return VaultKey.token(settings, pin);
    } finally {
      java.util.Arrays.fill(pin, '\0');
    }
  }

  private Map<String, VaultKey> holders(boolean anew) throws CommandFailed {
    Map<String, VaultKey> holders = new LinkedHashMap<>();
    boolean done = false;
    try {
      for (Map.Entry<String, Path> share : shares.entrySet()) {
        holders.put(share.getKey(), holder(share.getKey(), share.getValue(), anew));
      }
      done = true;
      return holders;
    } finally {
      if (!done) {
        holders.values().forEach(VaultKey::close);
      }
    }
  }

  /// A holder's passphrase; anew, a person is asked twice.
  static VaultKey holder(String name, Path file, boolean anew) throws CommandFailed {
    if (!file.equals(ASK)) {
      return VaultKey.passphraseFile(file);
    }
    return anew
        ? Terminal.askNewPassphrase("New passphrase of " + name)
        : Terminal.askPassphrase("Passphrase of " + name);
  }

  private static VaultKey recovered(Path vault) throws CommandFailed {
    char[] text = Terminal.ask("Recovery share of " + vault);
    try {
      return VaultKey.recovery(text);
    } catch (VaultException e) {
      throw new CommandFailed(ExitCode.VAULT, String.valueOf(e.getMessage()), e);
    } finally {
      java.util.Arrays.fill(text, '\0');
    }
  }

  private void requireOne() throws CommandFailed {
    List<Boolean> given =
        Stream.of(
                passphraseFile != null,
                keyFile != null,
                recovery != null || askRecovery,
                token != null,
                !shares.isEmpty())
            .filter(one -> one)
            .toList();
    if (given.size() > 1) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "a passphrase file, a key file, a token, shares and a recovery share exclude each other;"
              + " give one");
    }
  }
}
