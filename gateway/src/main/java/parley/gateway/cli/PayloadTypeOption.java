package parley.gateway.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The RTP payload type that a media engine of another process is told.
final class PayloadTypeOption {
  private static final int HIGHEST = 127;

  @Option(
      names = "--payload-type",
      paramLabel = "N",
      description = "Told to the media engine as PARLEY_PAYLOAD_TYPE.")
  private @Nullable Integer payloadType;

  @Nullable Integer value() throws CommandFailed {
    if (payloadType != null && (payloadType < 0 || payloadType > HIGHEST)) {
      throw new CommandFailed(ExitCode.USAGE, "--payload-type is 0 to 127, not " + payloadType);
    }
    return payloadType;
  }
}
