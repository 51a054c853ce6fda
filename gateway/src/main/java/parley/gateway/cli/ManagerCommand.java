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
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.WholeFile;
import parley.gateway.manager.DeliveryRun;
import parley.gateway.manager.DoorReply;
import parley.gateway.manager.DoorRequest;
import parley.gateway.manager.GroupReport;
import parley.gateway.manager.ManagerDoor;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GmkPeriod;
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

/// `parley manager init | run | list | member | signed-members | distribute | rekey | receipt |
/// status`: who is in a group, and who has its key.
@Command(
    name = "manager",
    description = "Manages a group: its members, its GMK, and who has it.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ManagerRunCommand.class,
    footer = {
      "",
      "Examples:",
      "  parley manager run --config manager.yaml",
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
        "Excluding makes a new GMK for the others; distribute it at once. A running server (parley",
        "manager run) changes its members file and delivers by itself.",
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
      throws VaultException, CommandFailed, KeysMissing, IOException {
    Optional<MemberList> running = running(own, group, added, may, excluded);
    if (running.isPresent()) {
      show(group, running.get(), json);
      return ExitCode.OK.code();
    }
    try (Vault vault = own.access().open();
        GroupManager manager = GroupManager.open(vault, group, clock, random)) {
      if (added != null) {
        var _ =
            manager.changeMembers(
                manager.members().with(new GroupMember(added, Set.copyOf(may))),
                GmkPeriod.from(clock.instant()));
      }
      if (excluded != null) {
        exclude(manager, excluded, json);
      }
      show(group, manager.members(), json);
    }
    return ExitCode.OK.code();
  }

  /// By the server that runs on this vault, which changes its members file; empty where none does.
  private static Optional<MemberList> running(
      OwnVault own,
      Identity group,
      @Nullable Identity added,
      List<Permission> may,
      @Nullable Identity excluded)
      throws IOException, CommandFailed {
    Optional<DoorReply> reply =
        ManagerDoor.ask(own.vault, new DoorRequest(DoorRequest.Verb.MEMBERS, group));
    if (reply.isPresent() && added != null) {
      String words = may.stream().map(Permission::word).collect(Collectors.joining(","));
      reply =
          ManagerDoor.ask(own.vault, new DoorRequest(DoorRequest.Verb.PUT, group, added, words));
    }
    if (reply.isPresent() && excluded != null) {
      reply =
          ManagerDoor.ask(
              own.vault, new DoorRequest(DoorRequest.Verb.EXCLUDE, group, excluded, null));
    }
    return reply.isEmpty() ? Optional.empty() : Optional.of(list(reply.get()));
  }

  private static MemberList list(DoorReply reply) throws CommandFailed {
    String members = reply.members();
    if (members == null) {
      throw new CommandFailed(ExitCode.FAILED, String.valueOf(reply.error()));
    }
    try {
      return MemberList.parse(members);
    } catch (WrongSetting e) {
      throw new IllegalStateException("the server writes another version's lists", e);
    }
  }

  private void show(Identity group, MemberList list, boolean json) {
    if (json) {
      Json.print(out(), members(group, list));
    } else {
      out().print(list.toYaml());
    }
  }

  private static Map<String, Object> members(Identity group, MemberList list) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("group", group.uri());
    shown.put(
        "members",
        list.members().stream()
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
        "Addresses are remembered, so --to is needed once.",
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
          int waitSeconds,
      @Option(
              names = "--from",
              defaultValue = "0.0.0.0:0",
              paramLabel = "HOST:PORT",
              description = "The port to send from; members that know it may register there.")
          InetSocketAddress from)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    try (Vault vault = own.access().open();
        GroupManager manager = GroupManager.open(vault, group, clock, random)) {
      GroupMasterKey gmk = gmk(manager, newGmk, validDays);
      if (folder != null) {
        write(manager.distribute(gmk, clock.instant()), folder);
        return ExitCode.OK.code();
      }
      manager.place(Optional.ofNullable(addresses).orElseGet(Map::of));
      boolean done =
          new DeliveryRun(manager, clock, this::say)
              .run(from, Map.of(), Duration.ofSeconds(waitSeconds));
      return (done ? ExitCode.OK : ExitCode.FAILED).code();
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
      throws VaultException, CommandFailed, KeysMissing, IOException {
    show(report(own, group, DoorRequest.Verb.STATUS, GroupReport::of), json);
    return ExitCode.OK.code();
  }

  @Command(
      description = "Makes a new GMK for the members as they are, now.",
      footer = {
        "",
        "A running server (parley manager run) makes and delivers it by its plan; without one,",
        "'parley manager distribute' takes it to the members.",
        "",
        "Examples:",
        "  parley manager rekey --vault fire.vault --group sip:fire-ops@example.org"
      })
  int rekey(
      @Mixin OwnVault own,
      @Option(names = "--group", required = true, description = "The group.") Identity group,
      @Option(names = "--json", description = "One JSON object instead of lines.") boolean json)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    show(
        report(
            own,
            group,
            DoorRequest.Verb.REKEY,
            manager -> {
              var _ = manager.newGmk(GmkPeriod.from(clock.instant()));
              return GroupReport.of(manager);
            }),
        json);
    return ExitCode.OK.code();
  }

  @Command(
      description = "Ends a group: all its GMKs are revoked.",
      footer = {
        "",
        "A running server delivers the revocations; without one, 'parley manager distribute' does.",
        "",
        "Examples:",
        "  parley manager dissolve --vault fire.vault --group sip:fire-ops@example.org"
      })
  int dissolve(
      @Mixin OwnVault own,
      @Option(names = "--group", required = true, description = "The group.") Identity group,
      @Option(names = "--json", description = "One JSON object instead of lines.") boolean json)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    show(
        report(
            own,
            group,
            DoorRequest.Verb.DISSOLVE,
            manager -> {
              manager.dissolve();
              return GroupReport.of(manager);
            }),
        json);
    return ExitCode.OK.code();
  }

  /// What is done to a group whose vault no server has open.
  private interface Work {
    GroupReport on(GroupManager manager) throws VaultException;
  }

  /// By the server that runs on this vault, or else by ourselves.
  private GroupReport report(OwnVault own, Identity group, DoorRequest.Verb verb, Work work)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    Optional<DoorReply> reply = ManagerDoor.ask(own.vault, new DoorRequest(verb, group));
    if (reply.isEmpty()) {
      try (Vault vault = own.access().open();
          GroupManager manager = GroupManager.open(vault, group, clock, random)) {
        return work.on(manager);
      }
    }
    GroupReport report = reply.get().report();
    if (report == null) {
      throw new CommandFailed(ExitCode.FAILED, String.valueOf(reply.get().error()));
    }
    return report;
  }

  private void show(GroupReport report, boolean json) {
    if (json) {
      Json.print(out(), report);
    } else {
      ReportPrinter.print(out(), report);
    }
  }

  @Command(
      name = "signed-members",
      description = "Writes the list of members, signed as the group, into a file.",
      footer = {
        "",
        "Members and gateways fetch it from a running server by themselves; the file is for those who",
        "cannot ('parley group members --file'). It is in force for a week.",
        "",
        "Examples:",
        "  parley manager signed-members --vault fire.vault --group sip:fire-ops@example.org \\",
        "                                --out fire-ops.list"
      })
  int signedMembers(
      @Mixin OwnVault own,
      @Option(names = "--group", required = true, description = "The group.") Identity group,
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to.")
          Path file)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    Optional<DoorReply> reply =
        ManagerDoor.ask(own.vault, new DoorRequest(DoorRequest.Verb.SIGNED, group));
    if (reply.isPresent()) {
      String signed = reply.get().signed();
      if (signed == null) {
        throw new CommandFailed(ExitCode.FAILED, String.valueOf(reply.get().error()));
      }
      WholeFile.write(file, Base64.getDecoder().decode(signed));
    } else {
      try (Vault vault = own.access().open();
          GroupManager manager = GroupManager.open(vault, group, clock, random)) {
        WholeFile.write(file, manager.signedMembers().octets());
      }
    }
    out().println("the signed list of " + group + ": " + file);
    return ExitCode.OK.code();
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

  private void say(String line) {
    out().println(line);
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
