package parley.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads `vault: {file: ..., passphrase-file: ...}`, which every role has.
final class VaultReader {
  private VaultReader() {}

  /// Null where a finding was recorded.
  static @Nullable VaultConfig read(Section top, ConfigFolder folder) {
    Setting found = top.find("vault");
    if (found == null) {
      top.setting().absent("vault").wrong("is missing; for example vault: {file: parley.vault}");
      return null;
    }
    Section vault = found.section("file", "passphrase-file", "key-file");
    Path file = vault.required("file", folder::vault, "parley.vault");
    Path passphraseFile = vault.optional("passphrase-file", folder::readableFile);
    Path keyFile = vault.optional("key-file", folder::readableFile);
    Setting second = vault.find("key-file");
    if (second != null && vault.has("passphrase-file")) {
      second.wrong("a vault has one lock; keep passphrase-file or key-file");
    }
    return file == null ? null : new VaultConfig(file, passphraseFile, keyFile);
  }
}
