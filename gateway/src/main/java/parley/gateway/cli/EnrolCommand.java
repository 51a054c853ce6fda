package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.keys.enrol.Enrolled;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.identity.Identity;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley enrol`: a member takes its keys, joins groups, and takes GMKs, from its KMS or from
/// files.
@Command(
    name = "enrol",
    description = "Fetches or installs a member's keys in its vault, joins groups, takes GMKs.",
    footer = {
      "",
      "With --kms the keys come from there. --ticket is for the first time; the vault then holds",
      "transport keys, by which --renew fetches the keys of the next period. The KMS's certificate",
      "is kept with the first keys; a KMS that has another one under this name is refused.",
      "--sim needs nothing but a SIM: where the KMS says that bootstrapping is required, the SIM",
      "bootstraps at its BSF, and a bootstrap that is still good is used again. With --listen-push",
      "nothing is fetched before the KMS calls ('parley kms push').",
      "",
      "Everything is verified before it is stored. A GMK from a file is answered by a receipt",
      "beside it (FILE.receipt), which 'parley manager receipt' takes.",
      "",
      "Examples:",
      "  parley enrol --vault alice.vault --identity sip:alice@example.org --device phone-1 \\",
      "    --kms https://kms.example.org:8443 --kms-uri kms.example.org --ca ca.pem \\",
      "    --ticket alice.ticket",
      "  parley enrol --vault alice.vault --identity sip:alice@example.org --device phone-1 \\",
      "    --kms https://kms.example.org:8443 --kms-uri kms.example.org --ca ca.pem --renew",
      "  parley enrol --vault alice.vault --identity sip:alice@example.org --device phone-1 \\",
      "    --kms https://kms.example.org:8443 --ca ca.pem --sim alice.card \\",
      "    --impi alice@ims.example.org --bsf https://bsf.example.org:8445",
      "  parley enrol --vault alice.vault --identity sip:alice@example.org --device phone-1 \\",
      "    --kms https://kms.example.org:8443 --ca ca.pem --sim --listen-push udp:0.0.0.0:8450",
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

  @ArgGroup(exclusive = false, heading = "%nFrom a KMS over the network:%n", validate = true)
  @Nullable KmsOptions kms;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (kms != null && from != null) {
      throw new CommandFailed(ExitCode.USAGE, "keys come by --kms or by --from; give one of them");
    }
    if (kms != null) {
      kms.requireWay();
    }
    try (Vault vault = own.access().openOrCreate()) {
      if (kms != null && kms.isListening()) {
        return new PushedEnrolment(kms, identity, out()).run(vault).code();
      }
      Enrolled enrolled = kms == null ? null : fetched(kms, vault);
      if (from != null) {
        install(from, vault);
      }
      try (Member member = Member.open(vault, identity, InstantSource.system())) {
        if (enrolled != null) {
          EnrolledLines.take(enrolled, member, identity, out());
        }
        join(member);
        for (Path gmk : gmks) {
          take(gmk, member);
        }
      }
    }
    return ExitCode.OK.code();
  }

  private Enrolled fetched(KmsOptions from, Vault vault) throws Exception {
    Enrolled enrolled = from.fetch(vault, identity);
    Path card = from.card();
    if (card != null && Files.exists(card)) {
      out().printf("%s holds the SIM's key: destroy it now, 'shred -u %s'%n", card, card);
    }
    return enrolled;
  }

  private void join(Member member) throws VaultException {
    String kmsUri = member.homeKms().kmsUri();
    member.joinGroups(
        groups.stream().map(group -> new GroupMembership(group, managerIdentity, kmsUri)).toList());
    groups.forEach(group -> out().println("joined " + group));
  }

  private void install(Path file, Vault vault)
      throws VaultException, CommandFailed, InvalidKey, IOException {
    if (kmsCertificate == null) {
      throw new CommandFailed(
          ExitCode.USAGE, "--from needs --kms-certificate, which 'parley kms certificate' writes");
    }
    var certificate = Enrolment.readCertificate(kmsCertificate);
    try (Vault issued = transfer.access(file).open()) {
      Enrolment.install(issued, certificate, vault)
          .forEach(name -> out().println("installed " + name));
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
