package parley.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.transport.KeyManagement;
import parley.mikey.transport.SdpReader;

/// A MIKEY message as people have it: a file, or the argument itself, in octets, hexadecimal,
/// base64, an SDP attribute `a=key-mgmt:mikey`, or a whole description that has one (RFC 4567, 3).
final class MikeyInput {
  private static final int VERSION = 1;
  private static final int MOST_OCTETS = 64 * 1024;
  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]+");

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
  private static Optional<byte[]> decoded(byte[] octets, boolean isFile) throws CommandFailed {
    if (isFile && octets.length > 0 && octets[0] == VERSION) {
      return Optional.of(octets);
    }
    String text = new String(octets, StandardCharsets.ISO_8859_1).strip();
    try {
      if (text.startsWith("v=")) {
        return Optional.of(
            only(SdpReader.read(isFile ? octets : withEnd(octets)).messagesInForce()));
      }
      if (text.startsWith("a=key-mgmt") || text.startsWith("key-mgmt")) {
        return Optional.of(KeyManagement.read(text).bytes());
      }
    } catch (MalformedMessage e) {
      throw new CommandFailed(ExitCode.FAILED, "this is no SDP: " + e.getMessage(), e);
    }
    String digits = text.replaceAll("[\\s:]", "");
    return HEX.matcher(digits).matches() && digits.length() % 2 == 0
        ? Optional.of(HexFormat.of().parseHex(digits))
        : base64(text.replaceAll("\\s", ""));
  }

  /// A shell takes the end of the last line away.
  private static byte[] withEnd(byte[] octets) {
    if (octets[octets.length - 1] == (byte) '\n') {
      return octets;
    }
    byte[] ended = Arrays.copyOf(octets, octets.length + 1);
    ended[octets.length] = '\n';
    return ended;
  }

  private static byte[] only(List<Octets> messages) throws CommandFailed {
    if (messages.size() != 1) {
      throw new CommandFailed(
          ExitCode.FAILED,
          messages.isEmpty()
              ? "this description has no key-mgmt:mikey"
              : "this description has %d messages; give one attribute a=key-mgmt:mikey of it"
                  .formatted(messages.size()));
    }
    return messages.getFirst().bytes();
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
