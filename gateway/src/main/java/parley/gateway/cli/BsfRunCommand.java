package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.StartRefused;
import parley.gateway.admin.AccessRefused;
import parley.gateway.bsf.BsfServer;
import parley.gateway.config.BsfConfig;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.keys.vault.Vault;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `parley bsf run`: the bootstrapping server, until SIGTERM or Ctrl-C.
@Command(
    name = "run",
    description = "Bootstraps UEs by their SIMs, and gives servers their keys.",
    footer = {
      "",
      "The first start makes the key that seals its tables in the vault; a second instance on the",
      "same database needs a copy of that vault. SIGHUP reads certificates and the access of the",
      "admin server again; a wrong file is named in the log and changes nothing. It may be killed",
      "at any moment: what it gave is in its tables and its audit log.",
      "",
      "Examples:",
      "  parley bsf run --check bsf.yaml",
      "  parley bsf run --config bsf.yaml"
    })
final class BsfRunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(BsfRunCommand.class);

  @Mixin RunOptions options = new RunOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  private final InstantSource clock = InstantSource.system();

  @Override
  public Integer call() throws Exception {
    return options.call(this::check, this::run);
  }

  private void check(Path file) throws Exception {
    BsfConfig good = checked(file);
    out().println(file + " is good: BSF " + good.fqdn());
  }

  private BsfConfig checked(Path file)
      throws ConfigException, IOException, StartRefused, AccessRefused {
    BsfConfig read = ConfigFile.readBsf(file);
    BsfServer.check(read, clock);
    return read;
  }

  private void run(Path file) throws Exception {
    BsfConfig read = checked(file);
    try (Signals signals = Signals.install();
        BsfServer server = start(read)) {
      RunOptions.serve(signals, () -> reload(file, server));
    }
  }

  private BsfServer start(BsfConfig read) throws Exception {
    try (Vault vault = VaultAccess.of(read.vault()).open()) {
      return BsfServer.start(read, vault, Version.number(), clock, new SecureRandom());
    } catch (UncheckedIOException e) {
      throw new CommandFailed(
          ExitCode.MISSING_PREREQUISITE,
          e.getMessage() + "; make room, or set audit.file to where the BSF may write",
          e);
    }
  }

  private void reload(Path file, BsfServer server) {
    try {
      server.reload(checked(file)).forEach(change -> LOG.info("reload: {}", change));
      LOG.info("certificates read again");
    } catch (ConfigException | IOException | StartRefused | AccessRefused e) {
      LOG.error("not reloaded: {}", e.getMessage());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
