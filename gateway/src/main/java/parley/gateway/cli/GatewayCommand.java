package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.NetworkAdvice;
import parley.gateway.admin.AccessRefused;
import parley.gateway.admin.AdminServer;
import parley.gateway.admin.AdminServices;
import parley.gateway.admin.AuditedControl;
import parley.gateway.admin.LiveAccess;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.ConfigSource;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.keys.audit.AuditLog;
import parley.keys.audit.Seal;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import parley.keys.member.KeysMissing;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "SIGTERM and Ctrl-C end it in order: bursts, ports, recordings, keys; the exit code is 0. A",
      "second one ends it at once. SIGHUP reads the configuration again: a wrong one is named in",
      "the log and changes nothing. 'parley control' does that and more.",
      "",
      "Examples:",
      "  parley gateway --check gateway.yaml",
      "  parley gateway --config gateway.yaml",
      "  parley gateway --config gateway.yaml --drain 30"
    })
final class GatewayCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayCommand.class);
  private static final long LONGEST_DRAIN_SECONDS = GatewayConfig.LONGEST_DRAIN.toSeconds();

  @Mixin RunOptions options = new RunOptions();

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      description = "How long running bursts may go on after SIGTERM (default: drain-on-stop).")
  @Nullable Long drainSeconds;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    return options.call(this::check, this::run);
  }

  private void check(Path file) throws Exception {
    GatewayConfig good = checked(file);
    NetworkAdvice.of(good).forEach(line -> out().println("advice: " + line));
    out().println(file + " is good: " + summary(good));
  }

  private void run(Path file) throws Exception {
    if (drainSeconds != null && (drainSeconds < 0 || drainSeconds > LONGEST_DRAIN_SECONDS)) {
      throw new CommandFailed(
          ExitCode.USAGE, "--drain is 0 to " + LONGEST_DRAIN_SECONDS + " seconds");
    }
    run(file, checked(file));
  }

  private static GatewayConfig checked(Path file)
      throws ConfigException, WrongSetting, IOException, AccessRefused {
    GatewayConfig config = ConfigFile.read(file);
    var _ = LiveAccess.open(config.admin(), InstantSource.system());
    for (GroupConfig group : config.groups()) {
      if (group.members() != null) {
        MemberList.load(group.members());
      }
    }
    return config;
  }

  private void run(Path file, GatewayConfig config) throws Exception {
    NetworkAdvice.of(config).forEach(LOG::warn);
    try (Signals signals = Signals.install();
        Vault vault = VaultAccess.of(config.vault()).open()) {
      GatewayServices services = GatewayServices.defaults();
      LiveAccess access = LiveAccess.open(config.admin(), services.clock());
      try (Gateway gateway = Gateway.start(config, ConfigSource.file(file), vault, services);
          AuditLog audit = AuditLog.open(config.audit().file(), services.clock())) {
        var renewing = new RenewingControl(gateway.control(), file, access);
        var control = new AuditedControl(renewing, audit, services.clock());
        var admin =
            new AdminServices(gateway.status(), control, Version.number(), services.clock());
        try (AdminServer server = AdminServer.start(access, admin)) {
          LOG.atInfo().addKeyValue("admin", server.local()).log("admin ready");
          new Operation(
                  control, audit, signer(gateway, services), () -> drainOnStop(gateway.config()))
              .run(signals, "parley " + Version.number() + ", " + file);
        }
      }
      LOG.info("stopped");
    }
  }

  private Duration drainOnStop(GatewayConfig config) {
    return drainSeconds == null ? config.drainOnStop() : Duration.ofSeconds(drainSeconds);
  }

  /// Signs with the key of the present period, as everything that the gateway says.
  private static Seal.Signer signer(Gateway gateway, GatewayServices services) {
    return new Seal.Signer() {
      @Override
      public Identity identity() {
        return gateway.member().identity();
      }

      @Override
      public byte[] sign(byte[] octets, Instant at) throws KeysMissing {
        return gateway
            .member()
            .signer(NtpTimestamp.of(at))
            .sign(octets, 0, octets.length, services.random());
      }
    };
  }

  private static String summary(GatewayConfig config) {
    int legs = config.groups().stream().mapToInt(g -> g.listen().size() + g.relay().size()).sum();
    return "%s, %d groups, %d legs".formatted(config.identity(), config.groups().size(), legs);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
