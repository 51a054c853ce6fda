package parley.gateway.cli;

import parley.mikey.group.MediaSuite;
import picocli.CommandLine.Option;

/// The protection of the media that a command announces.
final class SuiteOption {
  @Option(
      names = "--profile",
      paramLabel = "NAME",
      defaultValue = "AEAD_AES_128_GCM",
      description =
          "AEAD_AES_128_GCM, AEAD_AES_256_GCM or AES_CM_128_HMAC_SHA1_80 (default: ${DEFAULT-VALUE}).")
  MediaSuite suite = MediaSuite.AEAD_AES_128_GCM;
}
