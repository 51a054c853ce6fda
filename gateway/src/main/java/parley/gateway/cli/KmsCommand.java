package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.MemberKeys;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley kms init | show | issue | issue-all | certificate`: the key management server on files;
/// `run`: over HTTPS; `user`, `group`, `ticket`: its registry; `push`: calls a UE.
@Command(
    name = "kms",
    description = "Issues MIKEY-SAKKE keys to identities (UEs, gateways, groups).",
    subcommands = {
      KmsInitCommand.class,
      KmsRunCommand.class,
      KmsIssuerCommand.class,
      KmsUnsealCommand.class,
      KmsCeremony.Status.class,
      KmsCeremony.ExportCertificate.class,
      KmsCeremony.Backup.class,
      KmsCeremony.Restore.class,
      KmsCeremony.Rotate.class,
      KmsUserCommand.class,
      KmsGroupCommand.class,
      KmsTicketCommand.class,
      KmsPushCommand.class,
      KmsMessageCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley kms init --vault kms.vault --uri kms.example.org",
      "  parley kms certificate --vault kms.vault --out kms.cert",
      "  parley kms issue --vault kms.vault --identity sip:alice@example.org \\",
      "                   --device phone-1 --out alice.keys"
    })
final class KmsCommand {
  /// The periods that a KMS issues for.
  enum Period {
    NOW,
    NEXT
  }

  private final InstantSource clock = InstantSource.system();

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      description = "Issues the keys of one device of an identity into a transfer file.",
      footer = {
        "",
        "The transfer file is a vault with a passphrase of its own; issuing for the next period",
        "into the same file adds to it. 'parley enrol' takes the keys out.",
        "",
        "Examples:",
        "  parley kms issue --vault kms.vault --passphrase-file pass.txt --device phone-1 \\",
        "    --identity sip:alice@example.org --out alice.keys --transfer-passphrase-file t.txt",
        "  parley kms issue ... --period next"
      })
  int issue(
      @Mixin OwnVault own,
      @Mixin TransferVault transfer,
      @Option(names = "--identity", required = true, description = "Whose keys.") Identity identity,
      @Option(names = "--device", required = true, description = "Name of the device.")
          String device,
      @Option(
              names = "--period",
              defaultValue = "now",
              paramLabel = "now|next",
              description = "Which key period (default: now).")
          Period period,
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "Transfer file.")
          Path target)
      throws VaultException, IssueRefused, CommandFailed {
    try (Vault vault = own.access().open();
        KmsIssuer kms = KmsIssuer.open(vault)) {
      KeyPeriod wanted = issue(identity, device, period, kms, transfer, target);
      out()
          .printf(
              "issued %s, device %s, valid until %s: %s%n",
              identity, device, wanted.until(), target);
    }
    return ExitCode.OK.code();
  }

  @Command(
      name = "issue-all",
      description =
          "Issues keys to every member of a members file, each into a transfer file of its own.",
      footer = {
        "",
        "A file that exists is left as it is, so an interrupted run is simply repeated.",
        "",
        "Examples:",
        "  parley kms issue-all --vault kms.vault --passphrase-file pass.txt \\",
        "    --members members.yaml --device device-1 --out keys/ --transfer-passphrase-file t.txt"
      })
  int issueAll(
      @Mixin OwnVault own,
      @Mixin TransferVault transfer,
      @Option(names = "--members", required = true, paramLabel = "FILE", description = "Who.")
          Path members,
      @Option(names = "--device", required = true, description = "Name of each one's device.")
          String device,
      @Option(
              names = "--period",
              defaultValue = "now",
              paramLabel = "now|next",
              description = "Which key period (default: now).")
          Period period,
      @Option(
              names = "--out",
              required = true,
              paramLabel = "FOLDER",
              description = "For the files.")
          Path folder)
      throws VaultException, IssueRefused, CommandFailed, WrongSetting, IOException {
    List<GroupMember> list = MemberList.load(members).members();
    Files.createDirectories(folder);
    var progress = new ProgressLine(spec.commandLine().getErr(), "issuing");
    int done = 0;
    try (Vault vault = own.access().open();
        KmsIssuer kms = KmsIssuer.open(vault)) {
      for (GroupMember member : list) {
        issueInto(folder, member.identity(), device, period, kms, transfer);
        progress.accept((double) ++done / list.size());
      }
    }
    progress.end();
    return ExitCode.OK.code();
  }

  private void issueInto(
      Path folder,
      Identity identity,
      String device,
      Period period,
      KmsIssuer kms,
      TransferVault transfer)
      throws VaultException, IssueRefused, CommandFailed, IOException {
    Path target = folder.resolve(identity.uri().replaceAll("[^A-Za-z0-9.@-]", "_") + ".keys");
    if (Files.exists(target)) {
      out().println(target + " exists already and stays");
      return;
    }
    Path unfinished = target.resolveSibling(target.getFileName() + ".part");
    Files.deleteIfExists(unfinished);
    issue(identity, device, period, kms, transfer, unfinished);
    Files.move(unfinished, target);
    Files.deleteIfExists(folder.resolve(unfinished.getFileName() + ".lock")); // the vault's own
    out().printf("issued %s, device %s: %s%n", identity, device, target);
  }

  /// Returns the period of the keys.
  private KeyPeriod issue(
      Identity identity,
      String device,
      Period period,
      KmsIssuer kms,
      TransferVault transfer,
      Path target)
      throws VaultException, IssueRefused, CommandFailed {
    Instant now = clock.instant();
    KeyPeriod present = kms.certificate().periodAt(now);
    KeyPeriod wanted = period == Period.NOW ? present : kms.certificate().next(present);
    try (MemberKeys keys = kms.issue(identity, wanted, device, now);
        Vault out = transfer.access(target).openOrCreate()) {
      Enrolment.write(out, keys);
    }
    return wanted;
  }

  @Command(
      description = "Writes the KMS certificate: public, and needed by every member.",
      footer = {"", "Examples:", "  parley kms certificate --vault kms.vault --out kms.cert"})
  int certificate(
      @Mixin OwnVault own,
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file.")
          Path target)
      throws VaultException, CommandFailed, IOException {
    try (Vault vault = own.access().open();
        KmsIssuer kms = KmsIssuer.open(vault)) {
      Files.write(target, kms.certificate().encode(), StandardOpenOption.CREATE_NEW);
      out().println("wrote the certificate of KMS " + kms.certificate().kmsUri() + " to " + target);
    }
    return ExitCode.OK.code();
  }

  @Command(
      description =
          "Shows the name of a KMS and its key periods; it keeps no list of what it issued.",
      footer = {
        "",
        "Examples:",
        "  parley kms show --vault kms.vault --passphrase-file pass.txt",
        "  parley kms show --vault kms.vault --passphrase-file pass.txt --json"
      })
  int show(
      @Mixin OwnVault own,
      @Option(names = "--json", description = "One JSON object instead of lines.") boolean json)
      throws VaultException, CommandFailed {
    try (Vault vault = own.access().open();
        KmsIssuer kms = KmsIssuer.open(vault)) {
      KeyPeriod present = kms.certificate().periodAt(clock.instant());
      var shown = new LinkedHashMap<String, Object>();
      shown.put("uri", kms.certificate().kmsUri());
      shown.put("userIdFormat", kms.certificate().userIdFormat().name());
      shown.put("present", map(present));
      shown.put("next", map(kms.certificate().next(present)));
      if (json) {
        Json.print(out(), shown);
      } else {
        shown.forEach((name, value) -> out().printf("%-13s %s%n", name, value));
      }
    }
    return ExitCode.OK.code();
  }

  private static Map<String, Object> map(KeyPeriod period) {
    var map = new LinkedHashMap<String, Object>();
    map.put("number", period.number());
    map.put("from", period.from().toString());
    map.put("until", period.until().toString());
    return map;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
