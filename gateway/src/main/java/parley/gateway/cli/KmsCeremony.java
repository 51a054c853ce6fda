package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import parley.gateway.config.Timespan;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.Succession;
import parley.keys.kms.ceremony.CertificateFile;
import parley.keys.kms.ceremony.KmsBackup;
import parley.keys.kms.ceremony.KmsRotation;
import parley.keys.kms.ceremony.Transcript;
import parley.keys.kms.message.MalformedKmsMessage;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What is done with a KMS's vault after its init: `parley kms status | export-certificate | backup
/// | restore | rotate`. All but `restore` and `rotate` go beside whoever has the vault open.
final class KmsCeremony {
  private KmsCeremony() {}

  /// One act on a vault with master secrets.
  abstract static class OnVault implements Callable<Integer> {
    @Mixin OwnVault own = new OwnVault();
    @Spec CommandSpec spec = CommandSpec.create();

    abstract void with(VaultAccess access) throws Exception;

    @Override
    public final Integer call() throws Exception {
      with(own.access());
      return ExitCode.OK.code();
    }

    final PrintWriter out() {
      return spec.commandLine().getOut();
    }
  }

  @Command(
      name = "status",
      description = "Verifies the master secrets and shows periods and succession, read only.",
      footer = {
        "",
        "Examples:",
        "  parley kms status --vault kms.vault --passphrase-file pass.txt --json"
      })
  static final class Status extends OnVault {
    @Option(names = "--json", description = "One JSON object instead of lines.")
    boolean json;

    @Override
    void with(VaultAccess access) throws Exception {
      var shown = new LinkedHashMap<String, Object>();
      try (Vault vault = access.openToRead();
          KmsIssuer kms = KmsIssuer.open(vault)) {
        KmsCertificate certificate = kms.certificate();
        KeyPeriod present = certificate.periodAt(InstantSource.system().instant());
        shown.put("uri", certificate.kmsUri());
        shown.put("userIdFormat", certificate.userIdFormat().name());
        shown.put("period", present.number());
        shown.put("periodUntil", present.until().toString());
        shown.put("vaultWrites", vault.counter());
        shown.put("unlocks", vault.unlocks().size());
        kms.succession()
            .ifPresent(next -> {
              shown.put("successor", next.successor().kmsUri());
              shown.put("issuesUntil", next.until().toString());
            });
      }
      if (json) {
        Json.print(out(), shown);
      } else {
        shown.forEach((name, value) -> out().printf("%-13s %s%n", name, value));
      }
    }
  }

  @Command(
      name = "export-certificate",
      description = "Writes the KMS certificate as XML of TS 33.180, for other implementations.",
      footer = {
        "",
        "It is public and not signed: compare its hash with the transcript's.",
        "",
        "Examples:",
        "  parley kms export-certificate --vault kms.vault --passphrase-file pass.txt --out kms.xml"
      })
  static final class ExportCertificate extends OnVault {
    @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file.")
    Path target = Path.of("");

    @Override
    void with(VaultAccess access) throws Exception {
      try (Vault vault = access.openToRead();
          KmsIssuer kms = KmsIssuer.open(vault)) {
        CertificateFile.export(kms.certificate(), target);
        out().println("wrote the certificate of KMS " + kms.certificate().kmsUri());
      }
    }
  }

  @Command(
      name = "backup",
      description = "Copies the vault with the master secrets and verifies the copy.",
      footer = {
        "",
        "The copy opens by the same passphrase, shares or token; keep those elsewhere.",
        "",
        "Examples:",
        "  parley kms backup --vault kms.vault --passphrase-file pass.txt --out kms-backup.vault"
      })
  static final class Backup extends OnVault {
    @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file.")
    Path target = Path.of("");

    @Override
    void with(VaultAccess access) throws Exception {
      try (VaultKey key = access.key()) {
        KmsCertificate kms = KmsBackup.write(access.file(), key, target);
        out().println("backup of KMS " + kms.kmsUri() + ", verified: " + target);
      }
    }
  }

  @Command(
      name = "restore",
      description = "Puts a backup in the place of a vault that is gone.",
      footer = {
        "",
        "Beside a vault that is gone lies VAULT.lock with the mark of its last write, which refuses",
        "an older copy: remove it if the backup is indeed the newest there is.",
        "",
        "Examples:",
        "  parley kms restore --vault kms.vault --passphrase-file pass.txt --from kms-backup.vault"
      })
  static final class Restore extends OnVault {
    @Option(names = "--from", required = true, paramLabel = "FILE", description = "The backup.")
    Path source = Path.of("");

    @Override
    void with(VaultAccess access) throws Exception {
      try (VaultKey key = access.key()) {
        KmsCertificate kms = KmsBackup.restore(source, key, access.file());
        out().println("restored KMS " + kms.kmsUri() + " into " + access.file());
      }
    }
  }

  @Command(
      name = "rotate",
      description = "Names a successor, to which everybody moves while both issue.",
      footer = {
        "",
        "Make the successor by a ceremony of its own ('kms init', another URI), run it, and give its",
        "certificate here and as 'vouches-for' in the kms.yaml of this one: clients learn it with",
        "their next keys. The KMS must not run meanwhile. After the overlap it issues nothing more",
        "and says where to go. Members take a new vault for the keys of the successor.",
        "",
        "Examples:",
        "  parley kms export-certificate --vault kms2.vault --passphrase-file p2.txt --out kms2.xml",
        "  parley kms rotate --vault kms.vault --passphrase-file pass.txt --successor kms2.xml \\",
        "    --overlap 90d --transcript rotate.txt --witness Alice"
      })
  static final class Rotate extends OnVault {
    @Option(
        names = "--successor",
        required = true,
        paramLabel = "FILE",
        description = "The successor's certificate, of 'kms export-certificate'.")
    Path successor = Path.of("");

    @Option(
        names = "--overlap",
        required = true,
        paramLabel = "TIME",
        description = "How long both issue, two key periods or more: 90d.")
    String overlap = "";

    @Mixin TranscriptOption transcript = new TranscriptOption();

    @Override
    void with(VaultAccess access) throws Exception {
      Instant now = InstantSource.system().instant();
      KmsCertificate next = successor();
      Transcript record = transcript.begin("rotate", now, begun -> begun);
      try (Vault vault = access.open()) {
        Succession succession = KmsRotation.start(vault, next, duration(), now);
        out()
            .printf(
                "KMS %s succeeds; this one issues until %s%n", next.kmsUri(), succession.until());
        if (record != null) {
          transcript.write(record.note("issues-until", succession.until()).kms(next), out());
        }
      } catch (IllegalArgumentException e) {
        throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }

    private KmsCertificate successor() throws CommandFailed {
      try {
        return CertificateFile.read(successor);
      } catch (MalformedKmsMessage | IOException e) {
        throw new CommandFailed(
            ExitCode.MISSING_PREREQUISITE,
            "%s is no KMS certificate of 'kms export-certificate' (%s)"
                .formatted(successor, e.getMessage()),
            e);
      }
    }

    private Duration duration() {
      return Timespan.between(Duration.ofDays(1), Duration.ofDays(3650), overlap);
    }
  }
}
