package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.keys.manager.Delivery;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.keys.manager.WrongSetting;
import parley.keys.member.KeysMissing;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley manager init | list | member | distribute | receipt | status`: who is in a group, and
/// who has its key.
@Command(
    name = "manager",
    description = "Manages a group: its members, its GMK, and who has it.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley manager init --vault fire.vault --group sip:fire-ops@example.org \\",
      "                      --members members.yaml",
      "  parley manager distribute --vault fire.vault --group sip:fire-ops@example.org \\",
      "                      --to sip:alice@example.org=10.0.0.7:2269",
      "  parley manager status --vault fire.vault --group sip:fire-ops@example.org"
    })
final class ManagerCommand {
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      description = "Makes a group in a vault that holds the signer's keys (parley enrol).",
      footer = {
        "",
        "Examples:",
        "  parley manager init --vault fire.vault --group sip:fire-ops@example.org \\",
        "                      --members members.yaml"
      })
  int init(
      @Mixin OwnVault own,
      @Option(names = "--group", required = true, description = "The group.") Identity group,
      @Option(
              names = "--manager-identity",
              paramLabel = "IDENTITY",
              description = "Who signs, if not the group itself.")
          @Nullable Identity manager,
      @Option(
              names = "--members",
              required = true,
              paramLabel = "FILE",
              description = "YAML: members: [{identity: ..., may: [talk, listen]}]")
          Path file)
      throws VaultException, CommandFailed, KeysMissing, WrongSetting, IOException {
    MemberList members = MemberList.load(file);
    var settings = new GroupSettings(group, manager);
    try (Vault vault = own.access().open();
        GroupManager made = GroupManager.create(vault, settings, members, clock, random)) {
      out()
          .println("made group " + group + " with " + made.members().members().size() + " members");
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Lists the members, adds one, or excludes one.",
      footer = {
        "",
        "Excluding makes a new GMK for the others; distribute it at once.",
        "",
        "Examples:",
        "  parley manager member --vault fire.vault --group sip:fire-ops@example.org",
        "  parley manager member --vault fire.vault --group sip:fire-ops@example.org --json",
        "  parley manager member ... --add sip:bob@example.org --may talk,listen",
        "  parley manager member ... --exclude sip:bob@example.org"
      })
  int member(
      @Mixin OwnVault own,
      @Option(names = "--group", required = true, description = "The group.") Identity group,
      @Option(names = "--add", paramLabel = "IDENTITY", description = "Add, or change.")
          @Nullable Identity added,
      @Option(
              names = "--may",
              split = ",",
              defaultValue = "talk,listen",
              paramLabel = "PERMISSION",
              description = "talk, listen, relay, manage (default: ${DEFAULT-VALUE}).")
          List<Permission> may,
      @Option(names = "--exclude", paramLabel = "IDENTITY", description = "Remove, and a new GMK.")
          @Nullable Identity excluded,
      @Option(names = "--json", description = "One JSON object instead of YAML.") boolean json)
      throws VaultException, CommandFailed, KeysMissing {
    try (Vault vault = own.access().open();
        GroupManager manager = GroupManager.open(vault, group, clock, random)) {
      if (added != null) {
        manager.replaceMembers(manager.members().with(new GroupMember(added, Set.copyOf(may))));
      }
      if (excluded != null) {
        exclude(manager, excluded, json);
      }
      if (json) {
        Json.print(out(), members(manager));
      } else {
        out().print(manager.members().toYaml());
      }
    }
    return ExitCode.OK.code();
  }

  private static Map<String, Object> members(GroupManager manager) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("group", manager.group().uri());
    shown.put(
        "members",
        manager.members().members().stream()
            .map(member -> {
              var map = new LinkedHashMap<String, Object>();
              map.put("identity", member.identity().uri());
              map.put(
                  "may", member.permissions().stream().map(ManagerCommand::name).sorted().toList());
              return map;
            })
            .toList());
    return shown;
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void exclude(GroupManager manager, Identity who, boolean json)
      throws VaultException, CommandFailed {
    if (manager.members().find(who).isEmpty()) {
      throw new CommandFailed(ExitCode.USAGE, who + " is no member of " + manager.group());
    }
    manager.exclude(who);
    PrintWriter to = json ? spec.commandLine().getErr() : out();
    to.println("# " + who + " is out; 'parley manager distribute' takes the new GMK to the others");
  }

  @Command(
      description = "Sends the GMK to every member that has not confirmed it.",
      footer = {
        "",
        "By UDP it repeats until the receipts come or the time is over; by --out it writes one",
        "I_MESSAGE per member into a folder, for any way of transport. Makes the first GMK itself.",
        "",
        "Examples:",
        "  parley manager distribute --vault fire.vault --group sip:fire-ops@example.org \\",
        "    --to sip:alice@example.org=10.0.0.7:2269 --to sip:gpe1@example.org=10.0.0.1:2269",
        "  parley manager distribute ... --new-gmk --valid-days 30 --out inbox/"
      })
  int distribute(
      @Mixin OwnVault own,
      @Option(names = "--group", required = true, description = "The group.") Identity group,
      @Option(
              names = "--to",
              paramLabel = "IDENTITY=HOST:PORT",
              description = "Where a member hears MIKEY; repeatable.")
          @Nullable Map<Identity, InetSocketAddress> addresses,
      @Option(names = "--out", paramLabel = "FOLDER", description = "Write files instead.")
          @Nullable Path folder,
      @Option(names = "--new-gmk", description = "Make a new GMK first.") boolean newGmk,
      @Option(
              names = "--valid-days",
              defaultValue = "0",
              paramLabel = "N",
              description = "How long a GMK made here may be used (default: unlimited).")
          int validDays,
      @Option(
              names = "--wait",
              defaultValue = "10",
              paramLabel = "SECONDS",
              description = "How long to repeat (default: ${DEFAULT-VALUE}).")
          int waitSeconds)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    if (folder == null && addresses == null) {
      throw new CommandFailed(ExitCode.USAGE, "give --to IDENTITY=HOST:PORT, or --out FOLDER");
    }
    try (Vault vault = own.access().open();
        GroupManager manager = GroupManager.open(vault, group, clock, random)) {
      GroupMasterKey gmk = gmk(manager, newGmk, validDays);
      List<GmkMessage> messages = manager.distribute(gmk, clock.instant());
      if (folder != null) {
        write(messages, folder);
        return ExitCode.OK.code();
      }
      var sender = new GmkSender(manager, out());
      return sender.send(
              messages,
              Optional.ofNullable(addresses).orElseGet(Map::of),
              Duration.ofSeconds(waitSeconds))
          ? ExitCode.OK.code()
          : ExitCode.FAILED.code();
    }
  }

  private GroupMasterKey gmk(GroupManager manager, boolean newGmk, int validDays)
      throws VaultException {
    Instant now = clock.instant();
    List<GroupMasterKey> gmks = manager.gmks();
    if (!newGmk && !gmks.isEmpty()) {
      return gmks.getFirst();
    }
    Instant expiry = validDays <= 0 ? Instant.MAX : now.plus(Duration.ofDays(validDays));
    return manager.newGmk(now, expiry);
  }

  private void write(List<GmkMessage> messages, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (GmkMessage message : messages) {
      Path file = folder.resolve(message.ue().uri().replaceAll("[^A-Za-z0-9.@-]", "_") + ".mikey");
      Files.write(file, message.octets());
      out().println("for " + message.ue() + ": " + file);
    }
  }

  @Command(
      description = "Takes receipts that came back as files.",
      footer = {
        "",
        "Examples:",
        "  parley manager receipt --vault fire.vault --group sip:fire-ops@example.org \\",
        "                         inbox/alice.mikey.receipt"
      })
  int receipt(
      @Mixin OwnVault own,
      @Option(names = "--group", required = true, description = "The group.") Identity group,
      @Parameters(paramLabel = "FILE", arity = "1..*", description = "Receipts.") List<Path> files)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    try (Vault vault = own.access().open();
        GroupManager manager = GroupManager.open(vault, group, clock, random)) {
      for (Path file : files) {
        if (!manager.confirm(Files.readAllBytes(file))) {
          throw new CommandFailed(
              ExitCode.KEYS, file + " proves no GMK that this group has sent; nothing is noted");
        }
        out().println("confirmed by " + file);
      }
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Shows the GMKs and which member has confirmed which.",
      footer = {
        "",
        "Examples:",
        "  parley manager status --vault fire.vault --group sip:fire-ops@example.org",
        "  parley manager status --vault fire.vault --group sip:fire-ops@example.org --json"
      })
  int status(
      @Mixin OwnVault own,
      @Option(names = "--group", required = true, description = "The group.") Identity group,
      @Option(names = "--json", description = "One JSON object instead of lines.") boolean json)
      throws VaultException, CommandFailed, KeysMissing {
    try (Vault vault = own.access().open();
        GroupManager manager = GroupManager.open(vault, group, clock, random)) {
      if (json) {
        Json.print(out(), status(manager));
      } else {
        printStatus(manager);
      }
    }
    return ExitCode.OK.code();
  }

  private void printStatus(GroupManager manager) {
    for (GroupMasterKey gmk : manager.gmks()) {
      out()
          .printf(
              "GMK %s issued %s, %s%n",
              HexFormat.of().toHexDigits(gmk.gmkId()),
              gmk.issued().toInstant(),
              gmk.expiry().equals(Instant.MAX) ? "unlimited" : "until " + gmk.expiry());
      deliveries(manager, gmk)
          .forEach(d -> out().printf("  %-9s %s %s%n", d.state(), d.since(), d.ue()));
    }
  }

  private static Map<String, Object> status(GroupManager manager) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("group", manager.group().uri());
    shown.put("gmks", manager.gmks().stream().map(gmk -> status(manager, gmk)).toList());
    return shown;
  }

  private static Map<String, Object> status(GroupManager manager, GroupMasterKey gmk) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("gmkId", HexFormat.of().toHexDigits(gmk.gmkId()));
    shown.put("issued", gmk.issued().toInstant().toString());
    shown.put("expiry", gmk.expiry().equals(Instant.MAX) ? null : gmk.expiry().toString());
    shown.put(
        "deliveries",
        deliveries(manager, gmk)
            .map(delivery -> {
              var map = new LinkedHashMap<String, Object>();
              map.put("ue", delivery.ue().uri());
              map.put("state", name(delivery.state()));
              map.put("since", delivery.since().toString());
              return map;
            })
            .toList());
    return shown;
  }

  private static Stream<Delivery> deliveries(GroupManager manager, GroupMasterKey gmk) {
    return manager.deliveries().stream().filter(delivery -> delivery.gmkId() == gmk.gmkId());
  }

  @Command(
      description = "Lists the groups that a vault manages.",
      footer = {
        "",
        "Examples:",
        "  parley manager list --vault fire.vault --passphrase-file pass.txt",
        "  parley manager list --vault fire.vault --passphrase-file pass.txt --json"
      })
  int list(
      @Mixin OwnVault own,
      @Option(names = "--json", description = "One JSON array instead of lines.") boolean json)
      throws VaultException, CommandFailed {
    try (Vault vault = own.access().openToRead()) {
      List<String> groups = GroupManager.groups(vault).stream().map(Identity::uri).toList();
      if (json) {
        Json.print(out(), groups);
      } else {
        groups.forEach(out()::println);
      }
    }
    return ExitCode.OK.code();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
