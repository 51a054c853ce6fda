package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `parley control`: a running gateway in the hands of its operator.
@Command(
    name = "control",
    description = "Sees and changes what a running gateway does, by its admin server.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley control status",
      "  parley control bursts --group sip:fire-ops@example.org",
      "  parley control reload --url https://gw1.example.org:9464 --token-file ops.token --ca ca.pem",
      "  parley control drain --deadline 30s",
      "  parley control mute --group sip:fire-ops@example.org --talker sip:alice@example.org",
      "  parley control add-receiver --group sip:fire-ops@example.org --to 10.0.0.7:5004",
      "",
      "Exit codes: 0 done, 1 the gateway could not do it, 2 usage, 3 a file is missing, 4 the",
      "gateway refused its configuration or a value, 6 it cannot be reached, 7 it lets you not in."
    })
final class ControlCommand {
  private static final String API = "/api/v1";
  private static final JsonMapper JSON = JsonMapper.shared();

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      description = "Shows whether the gateway is ready, what it drains, and its groups.",
      footer = {"", "Examples:", "  parley control status", "  parley control status --json"})
  int status(@Mixin ControlOptions options) throws CommandFailed, IOException {
    try (var client = new ControlClient(options)) {
      ObjectNode all = JSON.createObjectNode();
      all.set("version", client.get(API + "/version"));
      all.set("readiness", client.state("/readyz"));
      all.set("drain", client.get(API + "/drain"));
      all.set("recorder", client.get(API + "/recorder"));
      all.set("groups", client.get(API + "/groups").path("groups"));
      show(options, all, () -> new ControlPrinter(out()).status(all));
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Lists the groups, or shows one with its legs, bursts, talkers and GMKs.",
      footer = {
        "",
        "Examples:",
        "  parley control groups",
        "  parley control groups sip:fire-ops@example.org"
      })
  int groups(
      @Mixin ControlOptions options,
      @Parameters(arity = "0..1", paramLabel = "GROUP", description = "One group in detail.")
          @Nullable Identity group)
      throws CommandFailed, IOException {
    try (var client = new ControlClient(options)) {
      if (group == null) {
        JsonNode groups = client.get(API + "/groups");
        show(options, groups, () -> new ControlPrinter(out()).groups(groups.path("groups")));
      } else {
        JsonNode details = client.get(path(group));
        show(options, details, () -> new ControlPrinter(out()).group(details));
      }
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Lists the bursts that run, in all groups or in one.",
      footer = {
        "",
        "Examples:",
        "  parley control bursts",
        "  parley control bursts --group sip:fire-ops@example.org --json"
      })
  int bursts(
      @Mixin ControlOptions options,
      @Option(names = "--group", paramLabel = "URI", description = "Only this group.")
          @Nullable Identity group)
      throws CommandFailed, IOException {
    try (var client = new ControlClient(options)) {
      ArrayNode all = JSON.createArrayNode();
      for (Identity one : group == null ? allGroups(client) : List.of(group)) {
        ObjectNode entry = all.addObject().put("group", one.uri());
        entry.set("bursts", client.get(path(one) + "/bursts").path("bursts"));
      }
      show(options, all, () -> new ControlPrinter(out()).bursts(all));
    }
    return ExitCode.OK.code();
  }

  private static List<Identity> allGroups(ControlClient client) throws CommandFailed {
    List<Identity> ids = new ArrayList<>();
    client
        .get(API + "/groups")
        .path("groups")
        .forEach(group -> ids.add(new Identity(group.path("id").asString())));
    return ids;
  }

  @Command(
      description = "Lets the gateway read its configuration again; a wrong one changes nothing.",
      footer = {"", "Examples:", "  parley control reload"})
  int reload(@Mixin ControlOptions options) throws CommandFailed, IOException {
    try (var client = new ControlClient(options)) {
      JsonNode report = client.send("POST", API + "/reload", null);
      show(options, report, () -> new ControlPrinter(out()).reload(report));
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Takes no new burst from now on, and ends what still runs after the deadline.",
      footer = {
        "",
        "Examples:",
        "  parley control drain --deadline 30s",
        "  parley control resume                 the way back"
      })
  int drain(
      @Mixin ControlOptions options,
      @Option(
              names = "--deadline",
              required = true,
              paramLabel = "TIME",
              description = "How long running bursts may go on: 30s, 5m.")
          String deadline)
      throws CommandFailed, IOException {
    ObjectNode body = JSON.createObjectNode().put("deadline", deadline);
    return drainState(options, "/drain", JSON.writeValueAsString(body));
  }

  @Command(
      description = "Takes new bursts again after a drain.",
      footer = {"", "Examples:", "  parley control resume"})
  int resume(@Mixin ControlOptions options) throws CommandFailed, IOException {
    return drainState(options, "/resume", null);
  }

  private int drainState(ControlOptions options, String path, @Nullable String body)
      throws CommandFailed, IOException {
    try (var client = new ControlClient(options)) {
      JsonNode drain = client.send("POST", API + path, body);
      show(options, drain, () -> new ControlPrinter(out()).drain(drain));
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Relays nothing more of a talker in a group; records it nevertheless.",
      footer = {
        "",
        "Examples:",
        "  parley control mute --group sip:fire-ops@example.org --talker sip:alice@example.org"
      })
  int mute(
      @Mixin ControlOptions options,
      @Option(names = "--group", required = true, description = "In which group.") Identity group,
      @Option(names = "--talker", required = true, description = "Who.") Identity talker)
      throws CommandFailed, IOException {
    return mute(options, "PUT", group, talker);
  }

  @Command(
      description = "Relays a talker again.",
      footer = {
        "",
        "Examples:",
        "  parley control unmute --group sip:fire-ops@example.org --talker sip:alice@example.org"
      })
  int unmute(
      @Mixin ControlOptions options,
      @Option(names = "--group", required = true, description = "In which group.") Identity group,
      @Option(names = "--talker", required = true, description = "Who.") Identity talker)
      throws CommandFailed, IOException {
    return mute(options, "DELETE", group, talker);
  }

  private int mute(ControlOptions options, String method, Identity group, Identity talker)
      throws CommandFailed, IOException {
    try (var client = new ControlClient(options)) {
      JsonNode muted = client.send(method, path(group) + "/mutes/" + encoded(talker), null);
      show(options, muted, () -> new ControlPrinter(out()).muted(muted));
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Lists who receives a group by unicast: configured, added, or joined.",
      footer = {
        "",
        "Examples:",
        "  parley control receivers --group sip:fire-ops@example.org",
        "  parley control receivers --group sip:fire-ops@example.org --json"
      })
  int receivers(
      @Mixin ControlOptions options,
      @Option(names = "--group", required = true, description = "Of which group.") Identity group)
      throws CommandFailed, IOException {
    try (var client = new ControlClient(options)) {
      JsonNode all = client.get(path(group) + "/receivers");
      show(options, all, () -> new ControlPrinter(out()).receivers(all.path("receivers")));
    }
    return ExitCode.OK.code();
  }

  @Command(
      name = "add-receiver",
      description = "Relays a group to one more address, until it is removed or the gateway stops.",
      footer = {
        "",
        "Examples:",
        "  parley control add-receiver --group sip:fire-ops@example.org --to 10.0.0.7:5004",
        "  parley control add-receiver --group sip:fire-ops@example.org --to [2001:db8::7]:5004"
      })
  int addReceiver(
      @Mixin ControlOptions options,
      @Option(names = "--group", required = true, description = "Which group.") Identity group,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "ADDRESS:PORT",
              description = "The receiver's address, numeric.")
          String to)
      throws CommandFailed, IOException {
    return receiver(options, "PUT", group, to);
  }

  @Command(
      name = "remove-receiver",
      description = {
        "Relays a group no longer to an address that was added, or that joined.",
        "Who has joined may join again; the members list says who may."
      },
      footer = {
        "",
        "Examples:",
        "  parley control remove-receiver --group sip:fire-ops@example.org --to 10.0.0.7:5004"
      })
  int removeReceiver(
      @Mixin ControlOptions options,
      @Option(names = "--group", required = true, description = "Which group.") Identity group,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "ADDRESS:PORT",
              description = "The receiver's address, as in the list.")
          String to)
      throws CommandFailed, IOException {
    return receiver(options, "DELETE", group, to);
  }

  private int receiver(ControlOptions options, String method, Identity group, String to)
      throws CommandFailed, IOException {
    try (var client = new ControlClient(options)) {
      String path = path(group) + "/receivers/" + encoded(to);
      JsonNode done = client.send(method, path, null);
      show(options, done, () -> new ControlPrinter(out()).receives(done));
    }
    return ExitCode.OK.code();
  }

  private void show(ControlOptions options, JsonNode json, Runnable forPeople) {
    if (options.json) {
      out().println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    } else {
      forPeople.run();
    }
    out().flush();
  }

  private static String path(Identity group) {
    return API + "/groups/" + encoded(group);
  }

  private static String encoded(Identity identity) {
    return encoded(identity.uri());
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
