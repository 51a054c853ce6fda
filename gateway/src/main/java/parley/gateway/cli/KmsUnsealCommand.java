package parley.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import parley.keys.vault.UnsealDoor;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley kms unseal`: a holder brings its share to a KMS that waits for it.
@Command(
    name = "unseal",
    description = "Brings shares to a KMS or an issuer that was started sealed.",
    footer = {
      "",
      "'parley kms run --sealed' and 'parley kms issuer --sealed' wait beside their vault until as",
      "many holders have come as its ceremony said: each by this command, on the same host as the",
      "same user, one after the other. Nothing is written anywhere.",
      "",
      "Examples:",
      "  parley kms unseal --vault kms.vault --share alice",
      "  parley kms unseal --vault kms.vault --share alice=alice.pass --share bob=bob.pass"
    })
final class KmsUnsealCommand implements Callable<Integer> {
  @Option(names = "--vault", required = true, paramLabel = "FILE", description = "The vault.")
  Path vault = Path.of("");

  @Option(
      names = "--share",
      required = true,
      paramLabel = "HOLDER[=FILE]",
      mapFallbackValue = "",
      description = "A holder of a share and the passphrase file (default: asked); repeatable.")
  Map<String, Path> shares = new LinkedHashMap<>();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws CommandFailed, VaultException, IOException {
    for (Map.Entry<String, Path> share : shares.entrySet()) {
      try (VaultKey passphrase = KeySource.holder(share.getKey(), share.getValue(), false)) {
        String answer =
            UnsealDoor.bring(vault, share.getKey(), passphrase)
                .orElseThrow(() ->
                    new CommandFailed(
                        ExitCode.MISSING_PREREQUISITE,
                        "nobody waits beside %s; start 'parley kms run --sealed' first"
                            .formatted(vault)));
        if (!UnsealDoor.isTaken(answer)) {
          throw new CommandFailed(ExitCode.VAULT, answer);
        }
        spec.commandLine().getOut().println(answer);
      }
    }
    return ExitCode.OK.code();
  }
}
