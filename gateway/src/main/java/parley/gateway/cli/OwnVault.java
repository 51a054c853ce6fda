package parley.gateway.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that name the vault a subcommand works on.
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

  VaultAccess access() {
    return new VaultAccess(vault, passphraseFile, keyFile);
  }
}
