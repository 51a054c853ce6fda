package parley.gateway.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.keys.vault.TokenSettings;
import picocli.CommandLine.Option;

/// The options that name the vault a subcommand works on, and what opens it.
final class OwnVault {
  @Option(names = "--vault", required = true, paramLabel = "FILE", description = "The vault.")
  Path vault = Path.of("");

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

  @Option(
      names = "--token-module",
      paramLabel = "FILE",
      description = "The PKCS#11 library of a token whose key opens the vault.")
  @Nullable Path tokenModule;

  @Option(
      names = "--token-slot",
      paramLabel = "N",
      description = "Which of the library's slots, from 0 (default: ${DEFAULT-VALUE}).")
  int tokenSlot;

  @Option(
      names = "--token-key",
      paramLabel = "LABEL",
      description = "The token's AES key, made where there is none (default: ${DEFAULT-VALUE}).")
  String tokenKey = TokenSettings.DEFAULT_KEY_LABEL;

  @Option(
      names = "--pin-file",
      paramLabel = "FILE",
      description = "Its first line is the token's PIN (default: asked on the terminal).")
  @Nullable Path pinFile;

  @Option(
      names = "--share",
      paramLabel = "HOLDER[=FILE]",
      mapFallbackValue = "",
      description = "A holder of a share and the passphrase file (default: asked); once for each.")
  Map<String, Path> shares = new LinkedHashMap<>();

  @Option(names = "--recovery-file", paramLabel = "FILE", description = "The recovery share.")
  @Nullable Path recoveryFile;

  @Option(names = "--recovery", description = "The recovery share, asked on the terminal.")
  boolean recovery;

  VaultAccess access() {
    return access(0);
  }

  /// For a vault that is made; of the holders `needed` open it.
  VaultAccess access(int needed) {
    TokenSettings token =
        tokenModule == null ? null : new TokenSettings(tokenModule, tokenSlot, tokenKey);
    return new VaultAccess(
        vault,
        new KeySource(
            passphraseFile, keyFile, recoveryFile, recovery, token, pinFile, shares, needed));
  }
}
