package parley.gateway.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.keys.http.ClientTls;
import parley.keys.http.TlsRefused;
import parley.keys.manager.HeldMemberList;
import parley.keys.manager.ManagerClient;
import parley.keys.manager.MemberListKeeper;
import parley.keys.manager.MemberListVerdict;
import parley.keys.manager.Permission;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What a UE fetches from its group's manager over HTTPS: `parley group pull | members`.
final class GroupFetch {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private GroupFetch() {}

  /// The server of a manager.
  static final class Manager {
    @Option(
        names = "--ca",
        paramLabel = "FILE",
        description = "Who signed the manager's TLS certificate (default: those of the JDK).")
    @Nullable Path ca;

    @Option(
        names = "--certificate",
        paramLabel = "FILE",
        description = "A certificate to show, where the manager asks for one.")
    @Nullable Path certificate;

    @Option(names = "--certificate-key", paramLabel = "FILE", description = "Its key.")
    @Nullable Path key;

    ManagerClient client(URI manager, Member member, Identity group)
        throws TlsRefused, CommandFailed {
      if (!"https".equals(manager.getScheme()) || manager.getHost() == null) {
        throw new CommandFailed(
            ExitCode.USAGE, manager + " is no manager; write https://manager.example.org:8447");
      }
      GroupMembership membership = member.memberships().get(group);
      if (membership == null) {
        throw new CommandFailed(
            ExitCode.KEYS,
            "%s is no group of %s here; 'parley enrol' brings its groups"
                .formatted(group, member.identity()));
      }
      return new ManagerClient(
          manager,
          ClientTls.load(ca, ClientTls.Own.of(certificate, key)),
          PATIENCE,
          member,
          membership,
          InstantSource.system(),
          new SecureRandom());
    }
  }

  @Command(
      name = "pull",
      description = "Fetches the GMKs that wait at the group's manager, over HTTPS.",
      footer = {
        "",
        "For a terminal that nobody can send to. What comes is verified as if it had been sent, and",
        "its receipt goes back.",
        "",
        "Examples:",
        "  parley group pull --vault alice.vault --key-file alice.key --identity sip:alice@example.org \\",
        "    --group sip:fire-ops@example.org --manager https://manager.example.org:8447 --ca ca.pem"
      })
  static final class Pull extends GroupAnswers.OnMember {
    @Mixin Manager manager = new Manager();

    @Option(names = "--group", required = true, description = "Which group.")
    Identity group = new Identity("sip:unset@example.org");

    @Option(names = "--manager", required = true, paramLabel = "URL", description = "Where.")
    URI url = URI.create("https://unset.example.org");

    @Override
    void with(Member member) throws Exception {
      try (ManagerClient client = manager.client(url, member, group)) {
        List<byte[]> messages = client.pull();
        for (byte[] message : messages) {
          take(member.accept(message), client);
        }
        if (messages.isEmpty()) {
          say("nothing waits");
        }
      }
    }

    private void take(GmkAcceptance acceptance, ManagerClient client) throws Exception {
      switch (acceptance) {
        case GmkAcceptance.Accepted accepted -> {
          GroupMasterKey gmk = accepted.gmk();
          client.receipt(accepted.receipt());
          say("GMK %08x of %s, from %s".formatted(gmk.gmkId(), gmk.group(), gmk.activation()));
        }
        case GmkAcceptance.Repeated repeated -> client.receipt(repeated.receipt());
        case GmkAcceptance.Invited _ -> {}
        case GmkAcceptance.Refused(var reason, var detail) ->
            throw new CommandFailed(
                ExitCode.KEYS, "a message is refused: %s (%s)".formatted(detail, reason));
      }
    }
  }

  @Command(
      name = "members",
      description = "Shows who is in a group, by the list that its manager signed.",
      footer = {
        "",
        "With --manager or --file a newer list is taken, where its signature is the group's; an older",
        "one never. Without them the list that is held is shown.",
        "",
        "Examples:",
        "  parley group members --vault alice.vault --key-file alice.key \\",
        "    --identity sip:alice@example.org --group sip:fire-ops@example.org \\",
        "    --manager https://manager.example.org:8447 --ca ca.pem",
        "  parley group members ... --file fire-ops.list",
        "  parley group members ... --json"
      })
  static final class Members implements Callable<Integer> {
    @Mixin OwnGroup own = new OwnGroup();
    @Mixin Manager manager = new Manager();
    @Spec CommandSpec spec = CommandSpec.create();

    @Option(names = "--group", required = true, description = "Which group.")
    Identity group = new Identity("sip:unset@example.org");

    @Option(names = "--manager", paramLabel = "URL", description = "Fetch it there.")
    @Nullable URI url;

    @Option(names = "--file", paramLabel = "FILE", description = "Take it from here.")
    @Nullable Path file;

    @Option(names = "--json", description = "One JSON object instead of YAML.")
    boolean json;

    @Override
    public Integer call() throws Exception {
      InstantSource clock = InstantSource.system();
      try (Vault vault = own.vault.access().open();
          Member member = Member.open(vault, own.identity, clock)) {
        var keeper = new MemberListKeeper(vault, member, clock);
        byte[] came = fetched(member);
        if (came.length > 0
            && keeper.take(group, came) instanceof MemberListVerdict.Refused(var _, var detail)) {
          throw new CommandFailed(ExitCode.KEYS, "the list is not taken: " + detail);
        }
        HeldMemberList held =
            keeper
                .held(group)
                .orElseThrow(() ->
                    new CommandFailed(
                        ExitCode.FAILED,
                        "no list of %s is held; give --manager or --file".formatted(group)));
        show(held, held.isInForce(clock.instant()));
      }
      return ExitCode.OK.code();
    }

    private byte[] fetched(Member member) throws Exception {
      if (url != null) {
        try (ManagerClient client = manager.client(url, member, group)) {
          return client.members();
        }
      }
      return file == null ? new byte[0] : Files.readAllBytes(file);
    }

    private void show(HeldMemberList held, boolean isInForce) {
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        Json.print(out, shown(held, isInForce));
        return;
      }
      out.println(
          "# %s, changed %s, signed %s, %s"
              .formatted(
                  held.group(),
                  held.version(),
                  held.signed(),
                  isInForce
                      ? "in force until " + held.notAfter()
                      : "over since " + held.notAfter()));
      out.print(held.members().toYaml());
      out.flush();
    }

    private static Map<String, Object> shown(HeldMemberList held, boolean isInForce) {
      var shown = new LinkedHashMap<String, Object>();
      shown.put("group", held.group().uri());
      shown.put("changed", held.version().toString());
      shown.put("signed", held.signed().toString());
      shown.put("notAfter", held.notAfter().toString());
      shown.put("inForce", isInForce);
      shown.put(
          "members",
          held.members().members().stream()
              .map(member ->
                  Map.of(
                      "identity",
                      member.identity().uri(),
                      "may",
                      member.permissions().stream().sorted().map(Permission::word).toList()))
              .toList());
      return shown;
    }
  }
}
