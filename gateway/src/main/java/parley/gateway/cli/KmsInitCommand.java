package parley.gateway.cli;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.ceremony.Transcript;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.KeyPeriod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley kms init`: the ceremony in which master secrets are made.
@Command(
    name = "init",
    description = "Makes a KMS with fresh master secrets, in a new vault or one without a KMS.",
    footer = {
      "",
      "Key periods are calendar months (RFC 6509); --period-days makes them TS 33.180 periods.",
      "With --share and --needed, so many of the holders open the vault together, and fewer cannot.",
      "The last line of the transcript is a hash that each witness writes down.",
      "",
      "Examples:",
      "  parley kms init --vault kms.vault --uri kms.example.org --passphrase-file pass.txt",
      "  parley kms init --vault kms.vault --uri kms.example.org --needed 2 \\",
      "    --share alice --share bob --share carol \\",
      "    --transcript init.txt --witness Alice --witness Bob"
    })
final class KmsInitCommand implements Callable<Integer> {
  private static final long SECONDS_PER_DAY = 86_400;

  @Mixin OwnVault own = new OwnVault();

  @Option(names = "--uri", required = true, description = "The name of this KMS, for life.")
  String uri = "";

  @Option(
      names = "--period-days",
      defaultValue = "0",
      paramLabel = "N",
      description = "Days of a TS 33.180 key period (default: calendar months).")
  int periodDays;

  @Option(
      names = "--needed",
      paramLabel = "M",
      description = "How many of the holders named by --share open the vault together.")
  int needed;

  @Mixin TranscriptOption transcript = new TranscriptOption();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (periodDays < 0 || periodDays > 366) {
      throw new CommandFailed(ExitCode.USAGE, "--period-days is 1 to 366, or left out for months");
    }
    Instant now = InstantSource.system().instant();
    Transcript record = transcript.begin("init", now, this::holders);
    KmsSettings settings =
        periodDays == 0
            ? KmsSettings.monthly(uri)
            : KmsSettings.hashed(uri, periodDays * SECONDS_PER_DAY);
    try (Vault vault = own.access(needed).openOrCreate();
        KmsIssuer kms = create(settings, vault)) {
      KeyPeriod period = kms.certificate().periodAt(now);
      out().println("made KMS " + uri + " in " + own.vault);
      out().printf("present key period: %d, until %s%n", period.number(), period.until());
      if (record != null) {
        transcript.write(record.kms(kms.certificate()), out());
      }
    }
    return ExitCode.OK.code();
  }

  private Transcript holders(Transcript begun) {
    return own.shares.isEmpty()
        ? begun
        : begun
            .note("shares-needed", needed)
            .note("share-holders", String.join(", ", own.shares.keySet()));
  }

  private static KmsIssuer create(KmsSettings settings, Vault vault)
      throws VaultException, CommandFailed {
    try {
      return KmsIssuer.create(settings, vault, new SecureRandom());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, "--uri or --period-days: " + e.getMessage(), e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
