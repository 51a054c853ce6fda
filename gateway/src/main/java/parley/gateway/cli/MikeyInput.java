package parley.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A MIKEY message as people have it: a file, or the argument itself, in octets, hexadecimal,
/// base64, or an SDP attribute `a=key-mgmt:mikey` (RFC 4567, 3).
final class MikeyInput {
  private static final int VERSION = 1;
  private static final int MOST_OCTETS = 64 * 1024;
  private static final Pattern KEY_MGMT =
      Pattern.compile("(?:a=)?key-mgmt:\\s*mikey\\s+([A-Za-z0-9+/=]+)");
  private static final Pattern HEX = Pattern.compile("(?:[0-9A-Fa-f]{2}[\\s:]*)+");

  private MikeyInput() {}

  static byte[] read(String argument) throws IOException, CommandFailed {
    Optional<Path> file = file(argument);
    byte[] octets =
        file.isPresent() ? octets(file.get()) : argument.getBytes(StandardCharsets.UTF_8);
    return decoded(octets, file.isPresent())
        .orElseThrow(() ->
            new CommandFailed(
                ExitCode.USAGE,
                "this is no file, and neither hexadecimal nor base64 nor an SDP attribute"
                    + " key-mgmt:mikey"));
  }

  private static Optional<Path> file(String argument) {
    try {
      return Optional.of(Path.of(argument)).filter(Files::isRegularFile);
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private static byte[] octets(Path file) throws IOException, CommandFailed {
    if (Files.size(file) > MOST_OCTETS) {
      throw new CommandFailed(
          ExitCode.FAILED, file + " is longer than any MIKEY message, also in hexadecimal");
    }
    return Files.readAllBytes(file);
  }

  /// A message begins with its version, 1, which no text does, and few words in base64.
  private static Optional<byte[]> decoded(byte[] octets, boolean mayBeBinary) {
    if (mayBeBinary && octets.length > 0 && octets[0] == VERSION) {
      return Optional.of(octets);
    }
    String text = new String(octets, StandardCharsets.ISO_8859_1).strip();
    Matcher sdp = KEY_MGMT.matcher(text);
    if (sdp.find()) {
      return base64(sdp.group(1));
    }
    if (HEX.matcher(text).matches()) {
      return Optional.of(
          HexFormat.of().parseHex(text.replaceAll("[\\s:]", "").toLowerCase(Locale.ROOT)));
    }
    return base64(text.replaceAll("\\s", ""));
  }

  private static Optional<byte[]> base64(String text) {
    try {
      byte[] octets = Base64.getDecoder().decode(text);
      return octets.length > 0 && octets[0] == VERSION ? Optional.of(octets) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
