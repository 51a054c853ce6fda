package parley.gateway.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.KmsConfig;
import parley.gateway.enrol.KmsClient;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.NotEnrolled;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Option;

/// Where a KMS is, and what it knows this device by.
final class KmsOptions {
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
    boolean isKnown = ticket != null || certificate != null;
    if (ticket != null && certificate != null) {
      throw new CommandFailed(ExitCode.USAGE, "give --ticket or --certificate, not both");
    }
    if (!isKnown && !isRenewed) {
      throw new CommandFailed(
          ExitCode.USAGE, "--kms needs --ticket, or --certificate and --key, or --renew");
    }
    if (allowsClear && certificate == null) {
      throw new CommandFailed(ExitCode.USAGE, "--clear-keys is for --certificate alone");
    }
    if (url.getHost() == null) {
      throw new CommandFailed(
          ExitCode.USAGE, url + " is no URL of a KMS; for example https://kms.example.org:8443");
    }
  }

  Enrolled fetch(Vault vault, Identity identity)
      throws CommandFailed, NotEnrolled, InterruptedException {
    try {
      var config =
          new KmsConfig(
              url, uri == null ? url.getHost() : uri, ca, ticket, certificate, key, allowsClear);
      var enrolment = KmsClient.enrolment(config, vault, identity, device, InstantSource.system());
      return isRenewed ? enrolment.renew() : enrolment.enrol();
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}
