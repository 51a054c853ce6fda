package parley.gateway.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which gateway is asked, and as whom.
final class ControlOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:9464",
      description = "The gateway's admin server (default: ${DEFAULT-VALUE}).")
  URI url = URI.create("http://127.0.0.1:9464");

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the token, as 'parley token' showed it.")
  @Nullable Path tokenFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM file of who signed the gateway's certificate (default: the system's).")
  @Nullable Path ca;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "PEM file with a client certificate; needs --key.")
  @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "PEM file with its private key.")
  @Nullable Path key;

  @Option(names = "--json", description = "The answer as JSON instead of lines.")
  boolean json;
}
