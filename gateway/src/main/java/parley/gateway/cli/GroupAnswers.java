package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.Invitation;
import parley.keys.member.InvitationPolicy;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What a UE says to the ad-hoc groups of others: `parley group invitations | accept | decline |
/// leave`.
final class GroupAnswers {
  private GroupAnswers() {}

  /// Opens the UE's keys and does one thing with them.
  abstract static class OnMember implements Callable<Integer> {
    @Mixin OwnGroup own = new OwnGroup();
    @Spec CommandSpec spec = CommandSpec.create();

    abstract void with(Member member) throws Exception;

    @Override
    public final Integer call() throws Exception {
      try (Vault vault = own.vault.access().open();
          Member member = Member.open(vault, own.identity, InstantSource.system())) {
        with(member);
      }
      return ExitCode.OK.code();
    }

    final void say(String line) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(line);
      out.flush();
    }

    static CommandFailed noInvitation(Identity creator) {
      return new CommandFailed(
          ExitCode.FAILED,
          "no invitation of " + creator + " waits; see 'parley group invitations'");
    }
  }

  @Command(
      name = "invitations",
      description = "Lists the invitations that wait for an answer, and the groups joined.",
      footer = {
        "",
        "They come to a terminal that listens (parley listen --mikey HOST:PORT), or as files with",
        "--from-file. What is shown is the creator's identity, whose signature is verified.",
        "",
        "Examples:",
        "  parley group invitations --vault bob.vault --key-file bob.key --identity sip:bob@example.org",
        "  parley group invitations ... --from-file inbox/sip_bob@example.org-00c0ffee.mikey"
      })
  static final class Invitations extends OnMember {
    @Option(names = "--from-file", paramLabel = "FILE", description = "Look at these first.")
    List<Path> files = List.of();

    @Option(names = "--json", description = "One JSON array instead of lines.")
    boolean json;

    /// One of the JSON array.
    private record Shown(String creator, String kms, String issued, String received) {
      static Shown of(Invitation one) {
        return new Shown(
            one.creator().uri(),
            one.kmsUri(),
            one.issued().toInstant().toString(),
            one.received().toString());
      }
    }

    @Override
    void with(Member member) throws IOException, CommandFailed {
      member.invitedBy(InvitationPolicy.ASK_ALWAYS);
      for (Path file : files) {
        take(file, member);
      }
      if (json) {
        Json.print(
            spec.commandLine().getOut(), member.invitations().stream().map(Shown::of).toList());
        return;
      }
      for (Invitation one : member.invitations()) {
        say(
            "%s (certified by %s) invites to its group, %s"
                .formatted(one.creator(), one.kmsUri(), one.received()));
      }
      member.groups().stream().sorted().forEach(group -> say("member of " + group));
    }

    private void take(Path file, Member member) throws IOException, CommandFailed {
      switch (member.accept(Files.readAllBytes(file))) {
        case GmkAcceptance.Invited _ -> {}
        case GmkAcceptance.Accepted accepted -> receipt(file, accepted.receipt());
        case GmkAcceptance.Repeated repeated -> receipt(file, repeated.receipt());
        case GmkAcceptance.Refused(var reason, var detail) ->
            throw new CommandFailed(
                ExitCode.KEYS, "%s is refused: %s (%s)".formatted(file, detail, reason));
      }
    }

    private void receipt(Path file, byte[] octets) throws IOException {
      Path receipt = file.resolveSibling(file.getFileName() + ".receipt");
      Files.write(receipt, octets);
      say("receipt: " + receipt);
    }
  }

  @Command(
      name = "accept",
      description = "Accepts an invitation: joins the creator's group.",
      footer = {
        "",
        "The receipt goes to the creator when its message comes again to a terminal that listens,",
        "or by --receipt as a file.",
        "",
        "Examples:",
        "  parley group accept --vault bob.vault --key-file bob.key --identity sip:bob@example.org \\",
        "                      sip:alice@example.org"
      })
  static final class Accept extends OnMember {
    @Option(names = "--receipt", paramLabel = "FILE", description = "Write the receipt here.")
    @Nullable Path receipt;

    @Parameters(paramLabel = "CREATOR", description = "Whose invitation.")
    Identity creator = new Identity("sip:unset@example.org");

    @Override
    void with(Member member) throws IOException, CommandFailed {
      GmkAcceptance acceptance =
          member.acceptInvitation(creator).orElseThrow(() -> noInvitation(creator));
      if (!(acceptance instanceof GmkAcceptance.Accepted accepted)) {
        throw new CommandFailed(
            ExitCode.KEYS, "the invitation is not good any more: " + acceptance);
      }
      if (receipt != null) {
        Files.write(receipt, accepted.receipt());
      }
      Instant expiry = accepted.gmk().expiry();
      say(
          "joined the group of %s, %s"
              .formatted(
                  creator, expiry.equals(Instant.MAX) ? "without an end" : "until " + expiry));
    }
  }

  @Command(
      name = "decline",
      description = "Declines an invitation.",
      footer = {
        "",
        "Examples:",
        "  parley group decline --vault bob.vault --key-file bob.key --identity sip:bob@example.org \\",
        "                       sip:alice@example.org"
      })
  static final class Decline extends OnMember {
    @Parameters(paramLabel = "CREATOR", description = "Whose invitation.")
    Identity creator = new Identity("sip:unset@example.org");

    @Override
    void with(Member member) throws Exception {
      if (!member.declineInvitation(creator)) {
        throw noInvitation(creator);
      }
      say("declined");
    }
  }

  @Command(
      name = "leave",
      description = "Leaves a group: its keys are forgotten here.",
      footer = {
        "",
        "Examples:",
        "  parley group leave --vault bob.vault --key-file bob.key --identity sip:bob@example.org \\",
        "                     sip:alice@example.org"
      })
  static final class Leave extends OnMember {
    @Parameters(paramLabel = "GROUP", description = "Which group.")
    Identity group = new Identity("sip:unset@example.org");

    @Override
    void with(Member member) throws Exception {
      if (!member.leaveGroup(group)) {
        throw new CommandFailed(ExitCode.FAILED, group + " is no group of " + own.identity);
      }
      say("left " + group);
    }
  }
}
