package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley gateway`: the peering entity.
@Command(
    name = "gateway",
    description = "Checks a gateway's configuration.",
    footer = {
      "",
      "--check tells every wrong setting at once, with its path, and starts nothing.",
      "",
      "Examples:",
      "  parley gateway --check gateway.yaml"
    })
final class GatewayCommand implements Callable<Integer> {
  @Option(
      names = "--check",
      required = true,
      paramLabel = "FILE",
      description = "Check this configuration and start nothing.")
  @Nullable Path check;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws ConfigException, WrongSetting, IOException {
    if (check != null) {
      GatewayConfig config = checked(check);
      out().println(check + " is good: " + summary(config));
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

  private static String summary(GatewayConfig config) {
    int legs = config.groups().stream().mapToInt(g -> g.listen().size() + g.relay().size()).sum();
    return "%s, %d groups, %d legs".formatted(config.identity(), config.groups().size(), legs);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
