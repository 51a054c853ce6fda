package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.NetworkAdvice;
import parley.gateway.StartRefused;
import parley.gateway.admin.AdminServer;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.gateway.media.PortUnavailable;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley gateway`: the peering entity, until SIGTERM or Ctrl-C.
@Command(
    name = "gateway",
    description = "Relays, re-keys and records the media of groups.",
    footer = {
      "",
      "--check tells every wrong setting at once, with its path, and starts nothing. It also advises",
      "where this host's kernel settings are too small for the configuration, with the command.",
      "SIGTERM and Ctrl-C end it in order: bursts, ports, recordings, keys.",
      "",
      "Examples:",
      "  parley gateway --check gateway.yaml",
      "  parley gateway --config gateway.yaml"
    })
final class GatewayCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayCommand.class);

  @Option(names = "--config", paramLabel = "FILE", description = "Run with this configuration.")
  @Nullable Path config;

  @Option(names = "--check", paramLabel = "FILE", description = "Check it and start nothing.")
  @Nullable Path check;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (check != null && config == null) {
      GatewayConfig good = checked(check);
      NetworkAdvice.of(good).forEach(line -> out().println("advice: " + line));
      out().println(check + " is good: " + summary(good));
    } else if (config != null && check == null) {
      run(checked(config));
    } else {
      throw new CommandFailed(ExitCode.USAGE, "give --config FILE to run, or --check FILE");
    }
    return ExitCode.OK.code();
  }

  private static GatewayConfig checked(Path file)
      throws ConfigException, WrongSetting, IOException {
    GatewayConfig config = ConfigFile.read(file);
    for (GroupConfig group : config.groups()) {
      if (group.members() != null) {
        MemberList.load(group.members());
      }
    }
    return config;
  }

  private static void run(GatewayConfig config)
      throws VaultException,
          CommandFailed,
          KeysMissing,
          StartRefused,
          PortUnavailable,
          InterruptedException {
    GatewayServices services = GatewayServices.defaults();
    NetworkAdvice.of(config).forEach(LOG::warn);
    try (StopSignal stop = StopSignal.install();
        Vault vault = VaultAccess.of(config.vault()).open()) {
      join(config, vault, services);
      try (Gateway gateway = Gateway.start(config, vault, services);
          AdminServer admin =
              AdminServer.start(config.admin().listen(), gateway.status(), services.clock())) {
        LOG.atInfo().addKeyValue("admin", admin.local()).log("admin ready");
        stop.await();
        LOG.info("stopping");
      }
      LOG.info("stopped");
    }
  }

  /// The configuration decides whose signature a group's GMKs must bear.
  private static void join(GatewayConfig config, Vault vault, GatewayServices services)
      throws KeysMissing, VaultException {
    try (Member member = Member.open(vault, config.identity(), services.clock())) {
      for (GroupConfig group : config.groups()) {
        String kms = member.homeKms().kmsUri();
        member.joinGroup(new GroupMembership(group.id(), group.managerIdentity(), kms));
      }
    }
  }

  private static String summary(GatewayConfig config) {
    int legs = config.groups().stream().mapToInt(g -> g.listen().size() + g.relay().size()).sum();
    return "%s, %d groups, %d legs".formatted(config.identity(), config.groups().size(), legs);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
