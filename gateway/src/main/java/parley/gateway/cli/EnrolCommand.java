package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley enrol`: a member takes its keys, joins groups, and takes GMKs, all from files.
@Command(
    name = "enrol",
    description = "Installs a member's keys in its vault, joins groups, takes GMKs from files.",
    footer = {
      "",
      "Everything is verified before it is stored. A GMK from a file is answered by a receipt",
      "beside it (FILE.receipt), which 'parley manager receipt' takes.",
      "",
      "Examples:",
      "  parley enrol --vault alice.vault --identity sip:alice@example.org \\",
      "    --from alice.keys --kms-certificate kms.cert --group sip:fire-ops@example.org",
      "  parley enrol --vault alice.vault --identity sip:alice@example.org \\",
      "    --gmk inbox/alice.mikey"
    })
final class EnrolCommand implements Callable<Integer> {
  @Mixin OwnVault own = new OwnVault();
  @Mixin TransferVault transfer = new TransferVault();

  @Option(names = "--identity", required = true, description = "Who enrols.")
  Identity identity = new Identity("sip:unset@example.org");

  @Option(names = "--from", paramLabel = "FILE", description = "Transfer file of 'kms issue'.")
  @Nullable Path from;

  @Option(names = "--kms-certificate", paramLabel = "FILE", description = "The KMS certificate.")
  @Nullable Path kmsCertificate;

  @Option(names = "--group", paramLabel = "IDENTITY", description = "A group to join; repeatable.")
  List<Identity> groups = List.of();

  @Option(
      names = "--manager-identity",
      paramLabel = "IDENTITY",
      description = "Who signs their GMKs (default: the group itself).")
  @Nullable Identity managerIdentity;

  @Option(names = "--gmk", paramLabel = "FILE", description = "An I_MESSAGE to take; repeatable.")
  List<Path> gmks = List.of();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws VaultException, CommandFailed, InvalidKey, IOException, KeysMissing {
    try (Vault vault = own.access().openOrCreate()) {
      if (from != null) {
        install(from, vault);
      }
      try (Member member = Member.open(vault, identity, InstantSource.system())) {
        join(member);
        for (Path gmk : gmks) {
          take(gmk, member);
        }
      }
    }
    return ExitCode.OK.code();
  }

  private void join(Member member) throws VaultException {
    String kms = member.homeKms().kmsUri();
    member.joinGroups(
        groups.stream().map(group -> new GroupMembership(group, managerIdentity, kms)).toList());
    groups.forEach(group -> out().println("joined " + group));
  }

  private void install(Path file, Vault vault)
      throws VaultException, CommandFailed, InvalidKey, IOException {
    if (kmsCertificate == null) {
      throw new CommandFailed(
          ExitCode.USAGE, "--from needs --kms-certificate, which 'parley kms certificate' writes");
    }
    var kms = Enrolment.readCertificate(kmsCertificate);
    try (Vault issued = transfer.access(file).open()) {
      Enrolment.install(issued, kms, vault).forEach(name -> out().println("installed " + name));
    }
  }

  private void take(Path file, Member member) throws IOException, CommandFailed {
    Path receipt = file.resolveSibling(file.getFileName() + ".receipt");
    switch (member.accept(Files.readAllBytes(file))) {
      case GmkAcceptance.Accepted accepted -> {
        Files.write(receipt, accepted.receipt());
        out().println("took the GMK of " + accepted.gmk().group() + "; receipt: " + receipt);
      }
      case GmkAcceptance.Repeated repeated -> {
        Files.write(receipt, repeated.receipt());
        out().println("took this GMK before; receipt again: " + receipt);
      }
      case GmkAcceptance.Invited(var invitation) ->
          throw new CommandFailed(
              ExitCode.KEYS,
              "%s is an invitation of %s; see 'parley group'"
                  .formatted(file, invitation.creator()));
      case GmkAcceptance.Refused(var reason, var detail) ->
          throw new CommandFailed(
              ExitCode.KEYS, "%s is refused: %s (%s)".formatted(file, detail, reason));
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
