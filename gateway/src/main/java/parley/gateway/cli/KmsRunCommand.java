package parley.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsServerConfig;
import parley.gateway.kms.KmsServer;
import parley.gateway.media.PortUnavailable;
import parley.keys.http.PortTaken;
import parley.keys.http.TlsRefused;
import parley.keys.kms.IssuerUnreachable;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley kms run`: the KMS over HTTPS, until SIGTERM or Ctrl-C.
@Command(
    name = "run",
    description = "Serves keys over HTTPS to the users of its registry.",
    footer = {
      "",
      "Users, groups and tickets are managed by 'parley kms user', 'group' and 'ticket', also while",
      "it runs. SIGHUP reads the TLS files again. It may be killed at any moment. Several may share",
      "one PostgreSQL database.",
      "",
      "Examples:",
      "  parley kms run --check kms.yaml",
      "  parley kms run --config kms.yaml",
      "  parley kms run --config kms.yaml --share alice --share bob"
    })
final class KmsRunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(KmsRunCommand.class);

  @Mixin RunOptions options = new RunOptions();

  @Option(
      names = "--share",
      paramLabel = "HOLDER[=FILE]",
      mapFallbackValue = "",
      description = "A holder of a share and the passphrase file (default: asked); once for each.")
  Map<String, Path> shares = new LinkedHashMap<>();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    return options.call(this::check, this::run);
  }

  private void check(Path file) throws Exception {
    KmsServerConfig good = ConfigFile.readKms(file);
    out().println(file + " is good: KMS at " + good.url());
  }

  private void run(Path file) throws Exception {
    KmsServerConfig config = ConfigFile.readKms(file);
    try (Signals signals = Signals.install();
        Vault vault = access(config).open();
        KmsServer server = start(config, vault)) {
      RunOptions.serve(signals, () -> renewTls(server));
    }
  }

  private VaultAccess access(KmsServerConfig config) {
    return shares.isEmpty()
        ? VaultAccess.of(config.vault())
        : new VaultAccess(
            config.vault().file(), new KeySource(null, null, null, false, null, null, shares, 0));
  }

  private static KmsServer start(KmsServerConfig config, Vault vault) throws Exception {
    try {
      return KmsServer.start(
          config, vault, Version.number(), InstantSource.system(), new SecureRandom());
    } catch (PortTaken | PortUnavailable e) {
      throw new CommandFailed(ExitCode.PORT_UNAVAILABLE, String.valueOf(e.getMessage()), e);
    } catch (TlsRefused e) {
      throw new CommandFailed(ExitCode.MISSING_PREREQUISITE, e.sentence(), e);
    } catch (StoreException | IssuerUnreachable e) {
      throw new CommandFailed(ExitCode.MISSING_PREREQUISITE, String.valueOf(e.getMessage()), e);
    }
  }

  private static void renewTls(KmsServer server) {
    try {
      server.renewTls();
      LOG.info("TLS files read again");
    } catch (TlsRefused e) {
      LOG.error("TLS files not taken: {}", e.sentence());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
