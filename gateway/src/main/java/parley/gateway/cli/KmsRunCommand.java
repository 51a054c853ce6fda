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
import parley.gateway.StartRefused;
import parley.gateway.admin.AccessRefused;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsServerConfig;
import parley.gateway.kms.KmsServer;
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
      "it runs. SIGHUP reads the certificate and the access of the admin server again; a wrong file",
      "is named in the log and changes nothing. It may be killed at any moment: what it gave is in",
      "its tables and its audit log. Several may share one PostgreSQL database.",
      "",
      "Examples:",
      "  parley kms run --check kms.yaml",
      "  parley kms run --config kms.yaml",
      "  parley kms run --config kms.yaml --share alice --share bob",
      "  parley kms run --config kms.yaml --sealed"
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

  @Option(
      names = "--sealed",
      description = "Start sealed, and wait for holders who come by 'parley kms unseal'.")
  boolean sealed;

  @Spec CommandSpec spec = CommandSpec.create();

  private final InstantSource clock = InstantSource.system();

  @Override
  public Integer call() throws Exception {
    return options.call(this::check, this::run);
  }

  private void check(Path file) throws Exception {
    KmsServerConfig good = checked(file);
    out().println(file + " is good: KMS at " + good.url());
  }

  private KmsServerConfig checked(Path file) throws ConfigException, StartRefused, AccessRefused {
    KmsServerConfig read = ConfigFile.readKms(file);
    KmsServer.check(read, clock);
    return read;
  }

  private void run(Path file) throws Exception {
    if (sealed && !shares.isEmpty()) {
      throw new CommandFailed(ExitCode.USAGE, "--sealed waits for shares; leave --share out");
    }
    KmsServerConfig config = checked(file);
    try (Signals signals = Signals.install();
        Vault vault = sealed ? SealedVault.await(file(config), signals) : access(config).open();
        KmsServer server = start(config, vault)) {
      RunOptions.serve(signals, () -> reload(file, server));
    }
  }

  private static Path file(KmsServerConfig config) {
    return config.vault().file();
  }

  private VaultAccess access(KmsServerConfig config) {
    return shares.isEmpty()
        ? VaultAccess.of(config.vault())
        : new VaultAccess(
            file(config), new KeySource(null, null, null, false, null, null, shares, 0));
  }

  private KmsServer start(KmsServerConfig config, Vault vault) throws Exception {
    try {
      return KmsServer.start(config, vault, Version.number(), clock, new SecureRandom());
    } catch (StoreException | IssuerUnreachable e) {
      throw new CommandFailed(ExitCode.MISSING_PREREQUISITE, String.valueOf(e.getMessage()), e);
    }
  }

  private void reload(Path file, KmsServer server) {
    try {
      server.reload(checked(file)).forEach(change -> LOG.info("reload: {}", change));
      LOG.info("certificate and access read again");
    } catch (ConfigException | StartRefused | AccessRefused e) {
      LOG.error("not reloaded: {}", e.getMessage());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
