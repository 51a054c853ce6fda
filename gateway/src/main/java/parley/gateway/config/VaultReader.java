package parley.gateway.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `vault: {file: ..., passphrase-file: ...}`, which every role has.
final class VaultReader {
  private static final List<String> KEYS = List.of("passphrase-file", "key-file", "token");

  private VaultReader() {}

  /// Null where a finding was recorded.
  static @Nullable VaultConfig read(Section top, ConfigFolder folder) {
    Setting found = top.find("vault");
    if (found == null) {
      top.setting().absent("vault").wrong("is missing; for example vault: {file: parley.vault}");
      return null;
    }
    Section vault = found.section("file", "passphrase-file", "key-file", "token");
    Path file = vault.required("file", folder::vault, "parley.vault");
    Path passphraseFile = vault.optional("passphrase-file", folder::readableFile);
    Path keyFile = vault.optional("key-file", folder::readableFile);
    VaultTokenConfig token = token(vault.find("token"), folder);
    List<String> given = KEYS.stream().filter(vault::has).toList();
    Setting second = given.size() > 1 ? vault.find(given.get(1)) : null;
    if (second != null) {
      second.wrong("is opened by one of %s; keep one".formatted(String.join(", ", KEYS)));
    }
    return file == null ? null : new VaultConfig(file, passphraseFile, keyFile, token);
  }

  private static @Nullable VaultTokenConfig token(@Nullable Setting found, ConfigFolder folder) {
    if (found == null) {
      return null;
    }
    Section token = found.section("module", "slot", "pin-file");
    Path module = token.required("module", folder::readableFile, "/usr/lib/softhsm/libsofthsm2.so");
    int slot = token.value("slot", VaultReader::slot, 0);
    Path pinFile = token.optional("pin-file", folder::readableFile);
    return module == null ? null : new VaultTokenConfig(module, slot, pinFile);
  }

  private static int slot(String text) {
    if (!text.matches("\\d{1,4}")) {
      throw new IllegalArgumentException(
          text + " is no slot; it is the index in the module's list, from 0");
    }
    return Integer.parseInt(text);
  }
}
