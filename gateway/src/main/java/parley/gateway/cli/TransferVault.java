package parley.gateway.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that open the small vault in which issued keys travel from the KMS to a member.
final class TransferVault {
  @Option(
      names = "--transfer-passphrase-file",
      paramLabel = "FILE",
      description = "Its first line opens the transfer file (default: asked on the terminal).")
  @Nullable Path passphraseFile;

  @Option(
      names = "--transfer-key-file",
      paramLabel = "FILE",
      description = "32 octets that open the transfer file, instead of a passphrase.")
  @Nullable Path keyFile;

  VaultAccess access(Path file) {
    return new VaultAccess(file, KeySource.files(passphraseFile, keyFile));
  }
}
