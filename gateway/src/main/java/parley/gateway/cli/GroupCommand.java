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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.Timespan;
import parley.gateway.manager.DeliveryRun;
import parley.gateway.manager.GroupOutlet;
import parley.gateway.manager.GroupReport;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GmkPeriod;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley group`: ad-hoc groups, of which any UE has one of its own. No network element takes
/// part. What a UE answers to others is in [GroupAnswers].
@Command(
    name = "group",
    description = "Sets up a group of one's own without any network, and answers invitations.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      GroupAnswers.Invitations.class,
      GroupAnswers.Accept.class,
      GroupAnswers.Decline.class,
      GroupAnswers.Leave.class,
      GroupFetch.Pull.class,
      GroupFetch.Members.class
    },
    footer = {
      "",
      "The group is called like who sets it up. Its members are invited by the message that brings",
      "them its key; they see whose group it is by a verified signature.",
      "",
      "Examples:",
      "  parley group create --vault alice.vault --key-file alice.key --identity sip:alice@example.org \\",
      "                      --invite sip:bob@example.org=10.0.0.8:2269 --for 12h",
      "  parley group invite ... --invite sip:carol@example.org=10.0.0.9:2269",
      "  parley group exclude ... --member sip:bob@example.org",
      "  parley group dissolve ...",
      "  parley group invitations --vault bob.vault --key-file bob.key --identity sip:bob@example.org",
      "  parley group accept ... sip:alice@example.org"
    })
final class GroupCommand {
  private static final Duration LONGEST = Duration.ofDays(366);

  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();

  @Spec CommandSpec spec = CommandSpec.create();

  /// How long to try.
  static final class Sending {
    @Option(
        names = "--wait",
        defaultValue = "10",
        paramLabel = "SECONDS",
        description = "How long to repeat what is not confirmed (default: ${DEFAULT-VALUE}).")
    int seconds;

    @Option(
        names = "--out",
        paramLabel = "FOLDER",
        description = "Write one message per member instead, for any way of transport.")
    @Nullable Path folder;

    @Option(
        names = "--from",
        defaultValue = "0.0.0.0:0",
        paramLabel = "HOST:PORT",
        description = "The port to send from.")
    InetSocketAddress from = new InetSocketAddress(0);
  }

  @Command(
      description = "Sets up the group, makes its key, and invites.",
      footer = {
        "",
        "There is one group of each identity at a time. It ends after --for, or by 'dissolve'.",
        "Who is not reached now is invited by 'parley group send' later.",
        "",
        "Examples:",
        "  parley group create --vault alice.vault --key-file alice.key --identity sip:alice@example.org \\",
        "                      --invite sip:bob@example.org=10.0.0.8:2269 --for 12h"
      })
  int create(
      @Mixin OwnGroup own,
      @Mixin Sending sending,
      @Option(
              names = "--invite",
              required = true,
              paramLabel = "IDENTITY=HOST:PORT",
              description = "Whom to invite, and where he or she hears MIKEY; repeatable.")
          Map<Identity, InetSocketAddress> invited,
      @Option(
              names = "--for",
              defaultValue = "24h",
              paramLabel = "TIME",
              description = "How long its key is good (default: ${DEFAULT-VALUE}).")
          String time)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    GmkPeriod period = period(time);
    List<GroupMember> members = new ArrayList<>();
    members.add(member(own.identity));
    invited.keySet().stream()
        .filter(ue -> !ue.equals(own.identity))
        .sorted()
        .forEach(ue -> members.add(member(ue)));
    try (Vault vault = own.vault.access().open();
        GroupManager group = newGroup(vault, own.identity, MemberList.of(members))) {
      group.place(invited);
      say("the group of " + own.identity + " is set up, until " + period.expiry());
      var _ = group.newGmk(period);
      return deliver(vault, group, sending);
    }
  }

  private GroupManager newGroup(Vault vault, Identity creator, MemberList members)
      throws VaultException, CommandFailed, KeysMissing {
    if (GroupManager.groups(vault).contains(creator)) {
      GroupManager known = GroupManager.open(vault, creator, clock, random);
      if (known.gmks().isEmpty()) { // its making was interrupted
        known.replaceMembers(members);
        return known;
      }
      try (known) {
        endIfOver(known);
      }
    }
    return GroupManager.create(vault, GroupSettings.of(creator), members, clock, random);
  }

  private void endIfOver(GroupManager known) throws VaultException, CommandFailed {
    Instant now = clock.instant();
    boolean isOver = known.gmks().stream().allMatch(gmk -> !now.isBefore(gmk.expiry()));
    if (isOver) {
      known.dissolve();
    } else if (!known.isDissolved()) {
      throw new CommandFailed(
          ExitCode.FAILED,
          "%s has a group already; 'parley group invite' adds to it, 'dissolve' ends it"
              .formatted(known.group()));
    }
  }

  private static GroupMember member(Identity ue) {
    return new GroupMember(ue, EnumSet.of(Permission.TALK, Permission.LISTEN));
  }

  private GmkPeriod period(String time) throws CommandFailed {
    try {
      Instant now = clock.instant();
      Duration span = Timespan.between(Duration.ofMinutes(1), LONGEST, time);
      return new GmkPeriod(now, now.plus(span));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, "--for: " + e.getMessage(), e);
    }
  }

  @Command(
      description = "Invites more members.",
      footer = {
        "",
        "Examples:",
        "  parley group invite --vault alice.vault --key-file alice.key --identity sip:alice@example.org \\",
        "                      --invite sip:carol@example.org=10.0.0.9:2269"
      })
  int invite(
      @Mixin OwnGroup own,
      @Mixin Sending sending,
      @Option(
              names = "--invite",
              required = true,
              paramLabel = "IDENTITY=HOST:PORT",
              description = "Whom, and where he or she hears MIKEY; repeatable.")
          Map<Identity, InetSocketAddress> invited)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    try (Vault vault = own.vault.access().open();
        GroupManager group = open(vault, own)) {
      MemberList list = group.members();
      for (Identity ue : invited.keySet()) {
        list = list.find(ue).isPresent() ? list : list.with(member(ue));
      }
      var _ = group.changeMembers(list, group.restOfTerm());
      group.place(invited);
      return deliver(vault, group, sending);
    }
  }

  @Command(
      description = "Excludes a member: the others get a new key at once.",
      footer = {
        "",
        "Examples:",
        "  parley group exclude --vault alice.vault --key-file alice.key --identity sip:alice@example.org \\",
        "                       --member sip:bob@example.org"
      })
  int exclude(
      @Mixin OwnGroup own,
      @Mixin Sending sending,
      @Option(
              names = "--member",
              required = true,
              paramLabel = "IDENTITY",
              description = "Who shall be in it no more.")
          Identity member)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    try (Vault vault = own.vault.access().open();
        GroupManager group = open(vault, own)) {
      if (group.members().find(member).isEmpty() || member.equals(own.identity)) {
        throw new CommandFailed(
            ExitCode.USAGE, member + " is no member of yours; 'parley group status' lists them");
      }
      var _ = group.exclude(member);
      say(member + " is out");
      return deliver(vault, group, sending);
    }
  }

  @Command(
      description = "Makes a new key for the members as they are.",
      footer = {
        "",
        "Examples:",
        "  parley group rekey --vault alice.vault --key-file alice.key --identity sip:alice@example.org"
      })
  int rekey(
      @Mixin OwnGroup own,
      @Mixin Sending sending,
      @Option(
              names = "--for",
              defaultValue = "24h",
              paramLabel = "TIME",
              description = "How long the key is good (default: ${DEFAULT-VALUE}).")
          String time)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    try (Vault vault = own.vault.access().open();
        GroupManager group = open(vault, own)) {
      var _ = group.newGmk(period(time));
      return deliver(vault, group, sending);
    }
  }

  @Command(
      description = "Sends again what is not confirmed.",
      footer = {
        "",
        "Examples:",
        "  parley group send --vault alice.vault --key-file alice.key --identity sip:alice@example.org \\",
        "                    --wait 60"
      })
  int send(@Mixin OwnGroup own, @Mixin Sending sending)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    try (Vault vault = own.vault.access().open();
        GroupManager group = GroupManager.open(vault, own.identity, clock, random)) {
      return deliver(vault, group, sending);
    }
  }

  @Command(
      description = "Ends the group: its keys are withdrawn.",
      footer = {
        "",
        "Who is not reached now keeps the key until its time is over, or 'parley group send'.",
        "",
        "Examples:",
        "  parley group dissolve --vault alice.vault --key-file alice.key --identity sip:alice@example.org"
      })
  int dissolve(@Mixin OwnGroup own, @Mixin Sending sending)
      throws VaultException, CommandFailed, KeysMissing, IOException {
    try (Vault vault = own.vault.access().open();
        GroupManager group = open(vault, own)) {
      group.dissolve();
      say("the group of " + own.identity + " is dissolved");
      return deliver(vault, group, sending);
    }
  }

  @Command(
      description = "Shows the group of one's own: members, keys, who has them.",
      footer = {
        "",
        "Examples:",
        "  parley group status --vault alice.vault --key-file alice.key --identity sip:alice@example.org"
      })
  int status(
      @Mixin OwnGroup own,
      @Option(names = "--json", description = "One JSON object instead of lines.") boolean json)
      throws VaultException, CommandFailed, KeysMissing {
    try (Vault vault = own.vault.access().open();
        GroupManager group = GroupManager.open(vault, own.identity, clock, random)) {
      if (json) {
        Json.print(out(), GroupReport.of(group));
      } else {
        ReportPrinter.print(out(), GroupReport.of(group));
      }
    }
    return ExitCode.OK.code();
  }

  private GroupManager open(Vault vault, OwnGroup own)
      throws VaultException, KeysMissing, CommandFailed {
    GroupManager group = GroupManager.open(vault, own.identity, clock, random);
    if (group.isDissolved()) {
      group.close();
      throw new CommandFailed(
          ExitCode.FAILED,
          "the group of " + own.identity + " is dissolved; 'parley group create' makes a new one");
    }
    return group;
  }

  /// To the creator's own terminal first, then to the others.
  private int deliver(Vault vault, GroupManager group, Sending sending)
      throws VaultException, KeysMissing, IOException {
    takeOwn(vault, group);
    if (sending.folder != null) {
      write(group, sending.folder);
      return ExitCode.OK.code();
    }
    boolean done =
        new DeliveryRun(group, clock, this::say)
            .run(sending.from, Map.of(), Duration.ofSeconds(sending.seconds));
    return (done ? ExitCode.OK : ExitCode.FAILED).code();
  }

  private void takeOwn(Vault vault, GroupManager group) throws VaultException, KeysMissing {
    Instant now = clock.instant();
    try (Member self = Member.open(vault, group.group(), clock)) {
      self.joinGroup(GroupMembership.of(group.group(), self.homeKms().kmsUri()));
      group.sealAll(now);
      for (GmkMessage message : group.pending(self.identity(), now)) {
        if (self.accept(message.octets()) instanceof GmkAcceptance.Accepted accepted) {
          var _ = group.confirm(accepted.receipt());
        }
      }
    }
  }

  private void write(GroupManager group, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (GmkMessage message : group.pending(clock.instant())) {
      Path file = folder.resolve(GroupOutlet.fileName(message));
      Files.write(file, message.octets());
      say("for " + message.ue() + ": " + file);
    }
  }

  private void say(String line) {
    out().println(line);
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
