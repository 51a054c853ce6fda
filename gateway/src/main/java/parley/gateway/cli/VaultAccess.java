package parley.gateway.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.VaultConfig;
import parley.gateway.config.VaultTokenConfig;
import parley.keys.vault.TokenSettings;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;

/// A vault file and what opens it.
record VaultAccess(Path file, KeySource source) {
  static VaultAccess of(VaultConfig config) {
    VaultTokenConfig token = config.token();
    return new VaultAccess(
        config.file(),
        new KeySource(
            config.passphraseFile(),
            config.keyFile(),
            null,
            false,
            settings(token),
            token == null ? null : token.pinFile(),
            Map.of(),
            0));
  }

  private static @Nullable TokenSettings settings(@Nullable VaultTokenConfig token) {
    return token == null
        ? null
        : new TokenSettings(token.module(), token.slot(), TokenSettings.DEFAULT_KEY_LABEL);
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
    return source.present(file);
  }

  /// What shall open the vault from now on; a person is asked twice.
  VaultKey newKey() throws CommandFailed, VaultException {
    return source.fresh(file);
  }
}
