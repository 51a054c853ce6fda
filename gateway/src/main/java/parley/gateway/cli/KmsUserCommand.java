package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.ConfigException;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.kms.registry.KmsUser;
import parley.keys.kms.registry.NewKmsUser;
import parley.keys.store.StoreException;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley kms user`: whom a KMS gives keys to, by which names it knows them, and to whom no more.
@Command(
    name = "user",
    description = "Manages the users of a KMS, also while it runs.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = KmsUserPskCommand.class,
    footer = {
      "",
      "A change counts from the server's next request on, and is noted in audit-cli.log beside the",
      "server's audit log.",
      "",
      "Examples:",
      "  parley kms user add --config kms.yaml --identity sip:alice@example.org --device phone-1",
      "  parley kms user revoke --config kms.yaml --identity sip:alice@example.org --reason left",
      "  parley kms user list --config kms.yaml --json"
    })
final class KmsUserCommand {
  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      description = "Adds a user, or devices and names to one.",
      footer = {
        "",
        "Without --device any device may have keys; from the first one on, no other may.",
        "The home KMS is what this command says: this KMS without --home-kms.",
        "",
        "Examples:",
        "  parley kms user add --config kms.yaml --identity sip:alice@example.org --device phone-1 \\",
        "    --impi 234150999999999@ims.example.org",
        "  parley kms user add --config kms.yaml --identity sip:gpe1@example.org \\",
        "    --certificate-name DNS:gpe1.example.org"
      })
  int add(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
          Path config,
      @Option(names = "--identity", required = true, description = "Who.") Identity identity,
      @Option(names = "--device", paramLabel = "NAME", description = "Its device; repeatable.")
          @Nullable List<String> devices,
      @Option(names = "--impi", description = "The private identity of its SIM; repeatable.")
          @Nullable List<String> impis,
      @Option(
              names = "--certificate-name",
              paramLabel = "URI:...|DNS:...|DN:...",
              description = "A name in its client certificate; repeatable.")
          @Nullable List<String> names,
      @Option(names = "--home-kms", paramLabel = "URI", description = "Another KMS serves it.")
          @Nullable String homeKms)
      throws CommandFailed, ConfigException, VaultException, IOException {
    NewKmsUser user;
    try {
      user = KmsUsersFile.user(identity, orNone(devices), orNone(impis), orNone(names), homeKms);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
    try (KmsDesk desk = KmsDesk.open(config)) {
      desk.act(
          "user add",
          identity.uri(),
          registry -> {
            if (registry.users().enter(List.of(user)).isPresent()) {
              throw new CommandFailed(
                  ExitCode.FAILED,
                  "one of these names is another user's; 'user list' shows whose; nothing was added");
            }
            return true;
          });
    }
    out().println(identity + " is a user");
    return ExitCode.OK.code();
  }

  private static List<String> orNone(@Nullable List<String> list) {
    return list == null ? List.of() : list;
  }

  @Command(
      description = "Gives a user no more keys, however it is known.",
      footer = {
        "",
        "Keys that it has are good until their period ends; exclude it from its groups as well.",
        "",
        "Examples:",
        "  parley kms user revoke --config kms.yaml --identity sip:alice@example.org --reason left"
      })
  int revoke(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
          Path config,
      @Option(names = "--identity", required = true, description = "Who.") Identity identity,
      @Option(
              names = "--reason",
              defaultValue = "by the operator",
              description = "Kept with it (default: ${DEFAULT-VALUE}).")
          String reason)
      throws CommandFailed, ConfigException, VaultException, IOException {
    change(config, "user revoke", identity, registry -> registry.users().revoke(identity, reason));
    out().println(identity + " gets no more keys");
    return ExitCode.OK.code();
  }

  @Command(
      description = "Takes a revocation back.",
      footer = {
        "",
        "Examples:",
        "  parley kms user reinstate --config kms.yaml --identity sip:alice@example.org"
      })
  int reinstate(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
          Path config,
      @Option(names = "--identity", required = true, description = "Who.") Identity identity)
      throws CommandFailed, ConfigException, VaultException, IOException {
    change(config, "user reinstate", identity, registry -> registry.users().reinstate(identity));
    out().println(identity + " gets keys again");
    return ExitCode.OK.code();
  }

  @Command(
      name = "remove-device",
      description =
          "Takes a device from a user, with its transport keys and tickets: a lost radio.",
      footer = {
        "",
        "Give the user another device first: where no device is named, any may have keys.",
        "",
        "Examples:",
        "  parley kms user remove-device --config kms.yaml --identity sip:alice@example.org \\",
        "    --device phone-1"
      })
  int removeDevice(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
          Path config,
      @Option(names = "--identity", required = true, description = "Whose.") Identity identity,
      @Option(names = "--device", required = true, paramLabel = "NAME", description = "Which.")
          String device)
      throws CommandFailed, ConfigException, VaultException, IOException {
    try (KmsDesk desk = KmsDesk.open(config)) {
      boolean isOnly = desk.look(r -> known(r, identity)).devices().equals(Set.of(device));
      if (isOnly) {
        throw new CommandFailed(
            ExitCode.FAILED,
            "%s is the only device of %s, and without one any device may have keys; add another device or revoke the user first"
                .formatted(device, identity));
      }
      boolean isRemoved =
          desk.act(
              "user remove-device",
              identity + ", device " + device,
              registry -> registry.users().removeDevice(identity, device));
      if (!isRemoved) {
        throw new CommandFailed(ExitCode.FAILED, identity + " has no device " + device);
      }
    }
    out().println(device + " of " + identity + " gets no more keys");
    return ExitCode.OK.code();
  }

  private static void change(Path config, String act, Identity identity, KmsDesk.Act<Boolean> then)
      throws CommandFailed, ConfigException, VaultException, IOException {
    try (KmsDesk desk = KmsDesk.open(config)) {
      if (!desk.act(act, identity.uri(), then)) {
        throw unknown(identity);
      }
    }
  }

  private static KmsUser known(KmsRegistry registry, Identity identity)
      throws StoreException, CommandFailed {
    return registry.users().find(identity).orElseThrow(() -> unknown(identity));
  }

  private static CommandFailed unknown(Identity identity) {
    return new CommandFailed(
        ExitCode.FAILED, identity + " is no user of this KMS; 'parley kms user add' makes it one");
  }

  @Command(
      description = "Shows one user.",
      footer = {
        "",
        "Examples:",
        "  parley kms user show --config kms.yaml --identity sip:alice@example.org --json"
      })
  int show(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
          Path config,
      @Option(names = "--identity", required = true, description = "Who.") Identity identity,
      @Option(names = "--json", description = "One JSON object instead of lines.") boolean json)
      throws CommandFailed, ConfigException, VaultException, IOException {
    try (KmsDesk desk = KmsDesk.open(config)) {
      Map<String, Object> shown = desk.look(r -> map(r, known(r, identity)));
      if (json) {
        Json.print(out(), shown);
      } else {
        shown.forEach((name, value) -> out().printf("%-9s %s%n", name, value));
      }
    }
    return ExitCode.OK.code();
  }

  private static Map<String, Object> map(KmsRegistry registry, KmsUser user) throws StoreException {
    var map = new LinkedHashMap<String, Object>();
    map.put("identity", user.identity().uri());
    map.put("homeKms", user.homeKms() == null ? "" : user.homeKms());
    map.put("revoked", user.revoked() == null ? "" : user.revoked());
    map.put("devices", user.devices().stream().sorted().toList());
    map.put("manages", user.managed().stream().map(Identity::uri).sorted().toList());
    map.put(
        "knownBy",
        registry.users().names(user.identity()).stream()
            .map(name -> name.way() + " " + name.name())
            .sorted()
            .toList());
    return map;
  }

  @Command(
      description = "Lists all users.",
      footer = {"", "Examples:", "  parley kms user list --config kms.yaml --json"})
  int list(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
          Path config,
      @Option(names = "--json", description = "One JSON array instead of lines.") boolean json)
      throws CommandFailed, ConfigException, VaultException, IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    try (KmsDesk desk = KmsDesk.open(config)) {
      for (Identity identity : desk.look(r -> r.users().all())) {
        all.add(desk.look(r -> map(r, known(r, identity))));
      }
    }
    if (json) {
      Json.print(out(), all);
    } else {
      all.forEach(user -> out().printf("%-40s %s%n", user.get("identity"), state(user)));
    }
    return ExitCode.OK.code();
  }

  private static String state(Map<String, Object> user) {
    return "".equals(user.get("revoked"))
        ? "devices " + user.get("devices") + ", known by " + user.get("knownBy")
        : "revoked: " + user.get("revoked");
  }

  @Command(
      name = "import",
      description = "Adds the users of a CSV file, all or none.",
      footer = {
        "",
        "The head line is " + KmsUsersFile.HEAD + "; several devices or names",
        "have spaces between. A certificate's DN goes by 'user add' only, as commas stand in it.",
        "",
        "Examples:",
        "  parley kms user import --config kms.yaml users.csv"
      })
  int importFile(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
          Path config,
      @Parameters(paramLabel = "FILE.csv", description = "The users.") Path file)
      throws CommandFailed, ConfigException, VaultException, IOException {
    var source = new KmsUsersFile(file);
    List<NewKmsUser> users = source.read();
    var progress = new ProgressLine(spec.commandLine().getErr(), "importing");
    try (KmsDesk desk = KmsDesk.open(config)) {
      desk.act(
          "user import",
          users.size() + " users of " + file.getFileName(),
          registry -> {
            Optional<Integer> taken = registry.users().enter(users, progress);
            if (taken.isPresent()) {
              throw source.wrong(
                  taken.get() + 2, "one of its names is another user's, here or in the registry");
            }
            return true;
          });
    } finally {
      progress.end();
    }
    out().println(users.size() + " users are there");
    return ExitCode.OK.code();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
