package parley.gateway.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.remote.IssuerServer;
import parley.keys.kms.remote.SocketPeers;
import parley.keys.vault.Vault;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley kms issuer`: the master secrets in a process of their own, until SIGTERM or Ctrl-C.
@Command(
    name = "issuer",
    description = "Holds the master secrets apart from the HTTPS server, behind a UNIX socket.",
    footer = {
      "",
      "The server finds it by 'issuer: {socket: ..., user: ...}' in kms.yaml, and needs a vault of",
      "its own then ('parley vault init') for the key of its tables. It may be killed and started",
      "again at any moment. Holders of shares open the vault here, with --share once for each.",
      "",
      "Examples:",
      "  parley kms issuer --vault kms.vault --passphrase-file pass.txt \\",
      "    --socket /run/parley/issuer.sock --user parley-kms",
      "  parley kms issuer --vault kms.vault --share alice --share bob \\",
      "    --socket /run/parley/issuer.sock",
      "  parley kms issuer --vault kms.vault --sealed --socket /run/parley/issuer.sock"
    })
final class KmsIssuerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(KmsIssuerCommand.class);

  @Mixin OwnVault own = new OwnVault();

  @Option(names = "--socket", required = true, paramLabel = "FILE", description = "Where.")
  Path socket = Path.of("");

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "Whom the HTTPS server runs as (default: the same as this); repeatable.")
  @Nullable Set<String> users;

  @Option(
      names = "--sealed",
      description = "Start sealed, and wait for holders who come by 'parley kms unseal'.")
  boolean sealed;

  @Override
  public Integer call() throws Exception {
    SocketPeers peers = users == null ? SocketPeers.own() : new SocketPeers(users);
    try (Signals signals = Signals.install();
        Vault vault = sealed ? SealedVault.await(own.vault, signals) : own.access().open();
        KmsIssuer kms = KmsIssuer.open(vault);
        IssuerServer _ = IssuerServer.start(socket, kms, InstantSource.system(), peers)) {
      LOG.atInfo()
          .addKeyValue("kms", kms.certificate().kmsUri())
          .addKeyValue("socket", socket.toString())
          .log("issuer ready");
      RunOptions.serve(signals, () -> LOG.debug("nothing to read again"));
    }
    return ExitCode.OK.code();
  }
}
