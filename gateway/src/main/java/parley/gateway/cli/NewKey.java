package parley.gateway.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.keys.vault.TokenSettings;
import picocli.CommandLine.Option;

/// The options that say what shall open a vault from now on.
final class NewKey {
  @Option(
      names = "--new-passphrase-file",
      paramLabel = "FILE",
      description = "Its first line (default: asked on the terminal).")
  @Nullable Path passphraseFile;

  @Option(names = "--new-key-file", paramLabel = "FILE", description = "32 random octets.")
  @Nullable Path keyFile;

  @Option(
      names = "--new-token-module",
      paramLabel = "FILE",
      description = "The PKCS#11 library of a token.")
  @Nullable Path tokenModule;

  @Option(
      names = "--new-token-slot",
      paramLabel = "N",
      description = "Which of the library's slots, from 0 (default: ${DEFAULT-VALUE}).")
  int tokenSlot;

  @Option(
      names = "--new-token-key",
      paramLabel = "LABEL",
      description = "The token's AES key, made where there is none (default: ${DEFAULT-VALUE}).")
  String tokenKey = TokenSettings.DEFAULT_KEY_LABEL;

  @Option(
      names = "--new-pin-file",
      paramLabel = "FILE",
      description = "Its first line is the token's PIN (default: asked on the terminal).")
  @Nullable Path pinFile;

  @Option(
      names = "--new-share",
      paramLabel = "HOLDER[=FILE]",
      mapFallbackValue = "",
      description = "A holder of a share and the passphrase file (default: asked); once for each.")
  Map<String, Path> shares = new LinkedHashMap<>();

  @Option(
      names = "--needed",
      paramLabel = "M",
      description = "How many of the holders open the vault together.")
  int needed;

  KeySource source() {
    TokenSettings token =
        tokenModule == null ? null : new TokenSettings(tokenModule, tokenSlot, tokenKey);
    return new KeySource(passphraseFile, keyFile, null, false, token, pinFile, shares, needed);
  }
}
