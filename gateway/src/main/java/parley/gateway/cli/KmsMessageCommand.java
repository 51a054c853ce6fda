package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsServerConfig;
import parley.gateway.kms.KmsServer;
import parley.keys.kms.IssuerUnreachable;
import parley.keys.kms.front.LetterBox;
import parley.keys.kms.front.LetterOutcome;
import parley.keys.vault.Vault;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.transport.MikeyBody;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley kms message`: GMK messages that an operator carries from a manager to a KMS.
@Command(
    name = "message",
    description = "Leaves GMK messages of managers for UEs that will come for their keys.",
    footer = {
      "",
      "The files are those that 'parley manager' writes for its members ('ways: file:FOLDER/'). The",
      "same is looked at as where a manager brings them to the KMS's port itself: each must be signed",
      "by the signer of a group of the UE, and be newer than what waits. Noted in audit-cli.log.",
      "",
      "Examples:",
      "  parley kms message --config kms.yaml outbox/sip_carol@example.org-00c0ffee.mikey"
    })
final class KmsMessageCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
  Path config = Path.of("");

  @Parameters(arity = "1..*", paramLabel = "MESSAGE", description = "Files, a message in each.")
  List<Path> files = List.of();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    KmsServerConfig read = ConfigFile.readKms(config);
    InstantSource clock = InstantSource.system();
    KmsCertificate kms;
    try (Vault vault = VaultAccess.of(read.vault()).openToRead()) {
      kms = KmsServer.certificate(read, vault, clock);
    } catch (IssuerUnreachable e) {
      throw new CommandFailed(ExitCode.MISSING_PREREQUISITE, String.valueOf(e.getMessage()), e);
    }
    int refused = 0;
    try (KmsDesk desk = KmsDesk.open(config)) {
      for (Path file : files) {
        refused += isLeft(desk, file, kms, clock) ? 0 : 1;
      }
    }
    if (refused > 0) {
      throw new CommandFailed(
          ExitCode.FAILED, "%d of %d messages are not taken".formatted(refused, files.size()));
    }
    return ExitCode.OK.code();
  }

  private boolean isLeft(KmsDesk desk, Path file, KmsCertificate kms, InstantSource clock)
      throws IOException {
    try {
      byte[] octets = read(file);
      LetterOutcome.Taken taken =
          desk.act(
              "message",
              file.toString(),
              registry -> taken(new LetterBox(kms, registry, clock).take(octets)));
      out().printf("%s waits for %s, until %s%n", file, taken.ue(), taken.until());
      return true;
    } catch (CommandFailed e) {
      out().printf("%s is not taken: %s%n", file, e.getMessage());
      return false;
    } finally {
      out().flush();
    }
  }

  private static byte[] read(Path file) throws IOException, CommandFailed {
    if (Files.size(file) > MikeyBody.MAX_OCTETS) {
      throw new CommandFailed(ExitCode.FAILED, "no MIKEY message is that long");
    }
    return Files.readAllBytes(file);
  }

  private static LetterOutcome.Taken taken(LetterOutcome outcome) throws CommandFailed {
    return switch (outcome) {
      case LetterOutcome.Taken taken -> taken;
      case LetterOutcome.Refused(var reason, _, _, var detail) ->
          throw new CommandFailed(
              ExitCode.FAILED, "%s (%s)".formatted(detail, reason.name().toLowerCase(Locale.ROOT)));
    };
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
