package parley.gateway.cli;

import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.KmsConfig;
import parley.gateway.config.SimConfig;
import parley.gateway.config.SimConfig.PushListen;
import parley.gateway.enrol.KmsClient;
import parley.gateway.enrol.SelfEnrolment;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.NotEnrolled;
import parley.keys.gba.Fqdn;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Where a KMS is, and what it knows this device by.
final class KmsOptions {
  private static final String UDP = "udp:";

  @Option(names = "--kms", required = true, paramLabel = "URL", description = "The KMS, https.")
  URI url = URI.create("");

  @Option(
      names = "--kms-uri",
      paramLabel = "URI",
      description = "What the KMS calls itself (default: the host of its URL).")
  @Nullable String uri;

  @Option(names = "--ca", paramLabel = "FILE", description = "Who signed its TLS certificate.")
  @Nullable Path ca;

  @Option(names = "--ticket", paramLabel = "FILE", description = "An enrolment ticket, good once.")
  @Nullable Path ticket;

  @Option(names = "--certificate", paramLabel = "FILE", description = "The client's certificate.")
  @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "Its private key.")
  @Nullable Path key;

  @Option(
      names = "--sim",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "FILE",
      description =
          "By the SIM in the vault (see 'parley sim'); with a card file, which is put there first.")
  @Nullable String sim;

  @Option(names = "--impi", description = "With --sim: whose SIM it is.")
  @Nullable String impi;

  @Option(names = "--bsf", paramLabel = "URL", description = "With --sim: where it bootstraps.")
  @Nullable URI bsf;

  @Option(
      names = "--bsf-name",
      paramLabel = "FQDN",
      description = "What the BSF calls itself (default: the host of its URL).")
  @Nullable String bsfName;

  @Option(
      names = "--bsf-ca",
      paramLabel = "FILE",
      description = "Who signed the BSF's TLS certificate (default: as --ca).")
  @Nullable Path bsfCa;

  @Option(
      names = "--naf",
      paramLabel = "FQDN",
      description = "What the KMS calls itself as a NAF (default: the host of its URL).")
  @Nullable String naf;

  @Option(
      names = "--listen-push",
      paramLabel = "udp:HOST:PORT|FOLDER",
      description = "With --sim: wait for pushes there, and fetch keys at each.")
  @Nullable String listenPush;

  @Option(
      names = "--pushes",
      paramLabel = "N",
      description = "With --listen-push: end after so many (default: not before Ctrl-C).")
  int pushes;

  @Option(names = "--device", description = "Name of this device (default: ${DEFAULT-VALUE}).")
  String device = "phone-1";

  @Option(
      names = "--renew",
      description = "By the transport keys in the vault, which the first time brought.")
  boolean isRenewed;

  @Option(
      names = "--clear-keys",
      description = "With --certificate: take keys that TLS alone protects.")
  boolean allowsClear;

  /// Before a vault is made for nothing.
  void requireWay() throws CommandFailed {
    if ((certificate == null) != (key == null)) {
      throw new CommandFailed(ExitCode.USAGE, "--certificate and --key belong together");
    }
    long ways = Stream.of(ticket, certificate, sim).filter(Objects::nonNull).count();
    if (ways > 1) {
      throw new CommandFailed(ExitCode.USAGE, "give one of --ticket, --certificate and --sim");
    }
    if (ways == 0 && !isRenewed) {
      throw new CommandFailed(
          ExitCode.USAGE, "--kms needs --ticket, or --certificate and --key, or --sim, or --renew");
    }
    requireSim();
    if (allowsClear && certificate == null) {
      throw new CommandFailed(ExitCode.USAGE, "--clear-keys is for --certificate alone");
    }
    if (url.getHost() == null) {
      throw new CommandFailed(
          ExitCode.USAGE, url + " is no URL of a KMS; for example https://kms.example.org:8443");
    }
  }

  private void requireSim() throws CommandFailed {
    boolean isAbout =
        Stream.of(impi, bsf, bsfName, bsfCa, naf, listenPush).anyMatch(Objects::nonNull);
    if (sim == null && isAbout) {
      throw new CommandFailed(
          ExitCode.USAGE, "--impi, --bsf..., --naf and --listen-push are for --sim alone");
    }
    if (card() != null && (impi == null || bsf == null)) {
      throw new CommandFailed(ExitCode.USAGE, "--sim with a card file needs --impi and --bsf");
    }
    if (pushes < 0 || (pushes > 0 && listenPush == null)) {
      throw new CommandFailed(ExitCode.USAGE, "--pushes N goes with --listen-push");
    }
  }

  boolean isListening() {
    return listenPush != null;
  }

  /// The card file; null for the SIM that is in the vault.
  @Nullable Path card() {
    return sim == null || sim.isEmpty() ? null : Path.of(sim);
  }

  /// Fetches keys now.
  Enrolled fetch(Vault vault, Identity identity)
      throws CommandFailed, NotEnrolled, InterruptedException {
    KmsConfig config = config();
    try (var client = KmsClient.open(config, vault, identity, device, InstantSource.system())) {
      return isRenewed ? client.enrolment().renew() : client.enrolment().enrol();
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /// Whoever fetches keys when a push calls; the caller closes it.
  SelfEnrolment listener(Vault vault, Identity identity) throws CommandFailed, NotEnrolled {
    KmsConfig config = config();
    try {
      return SelfEnrolment.of(config, vault, identity, device, InstantSource.system());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private KmsConfig config() throws CommandFailed {
    String name = uri == null ? url.getHost() : uri;
    SimConfig bySim = sim == null ? null : simConfig();
    return new KmsConfig(url, name, ca, ticket, certificate, key, allowsClear, bySim);
  }

  private SimConfig simConfig() throws CommandFailed {
    String name = naf == null ? url.getHost() : naf;
    try {
      String nafName = Fqdn.of(name).name();
      return new SimConfig(card(), impi, bsf, bsfName, bsfCa, nafName, push());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--naf is needed, or is wrong: %s is no name of a NAF (%s)"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private @Nullable PushListen push() throws CommandFailed {
    if (listenPush == null) {
      return null;
    } else if (!listenPush.startsWith(UDP)) {
      return new PushListen.Folder(Path.of(listenPush));
    }
    try {
      return new PushListen.Udp(new AddressConverter().convert(listenPush.substring(UDP.length())));
    } catch (UnknownHostException | TypeConversionException e) {
      throw new CommandFailed(ExitCode.USAGE, "--listen-push: " + e.getMessage(), e);
    }
  }
}
