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
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.ManagerConfig;
import parley.gateway.manager.ManagerServer;
import parley.keys.manager.WrongSetting;
import parley.keys.member.KeysMissing;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `parley manager run`: the group manager as a server, until SIGTERM or Ctrl-C.
@Command(
    name = "run",
    description = "Manages groups by itself: registers members, changes GMKs, delivers them.",
    footer = {
      "",
      "Makes each GMK ahead of its time, sends every member its message until the receipt comes,",
      "excludes who is no longer in the members file. Members register and pull over HTTPS as well",
      "('https'), operators have an API ('admin'). SIGHUP reads configuration, members files and",
      "certificates again; a wrong one is named in the log and changes nothing. It may be killed at",
      "any moment: the next one goes on where this one was.",
      "",
      "Examples:",
      "  parley manager run --check manager.yaml",
      "  parley manager run --config manager.yaml"
    })
final class ManagerRunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerRunCommand.class);

  @Mixin RunOptions options = new RunOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    return options.call(this::check, ManagerRunCommand::run);
  }

  private void check(Path file) throws Exception {
    ManagerConfig good = checked(file);
    out().println(file + " is good: " + good.groups().size() + " groups");
  }

  private static ManagerConfig checked(Path file)
      throws ConfigException, WrongSetting, IOException, StartRefused, AccessRefused {
    ManagerConfig config = ConfigFile.readManager(file);
    ManagerServer.check(config, InstantSource.system());
    return config;
  }

  private static void run(Path file) throws Exception {
    ManagerConfig config = checked(file);
    try (Signals signals = Signals.install();
        Vault vault = VaultAccess.of(config.vault()).open();
        ManagerServer server = start(config, vault)) {
      RunOptions.serve(signals, () -> reload(file, server));
    }
  }

  private static ManagerServer start(ManagerConfig config, Vault vault) throws Exception {
    try {
      return ManagerServer.start(
          config, vault, Version.number(), InstantSource.system(), new SecureRandom());
    } catch (UncheckedIOException e) {
      throw new CommandFailed(
          ExitCode.MISSING_PREREQUISITE,
          e.getMessage() + "; make room, or set audit.file to where the manager may write",
          e);
    }
  }

  private static void reload(Path file, ManagerServer server) {
    try {
      server.reload(checked(file)).forEach(change -> LOG.info("reload: {}", change));
      LOG.info("configuration and members read again");
    } catch (ConfigException
        | WrongSetting
        | IOException
        | VaultException
        | KeysMissing
        | StartRefused
        | AccessRefused e) {
      LOG.error("not reloaded: {}", e.getMessage());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
