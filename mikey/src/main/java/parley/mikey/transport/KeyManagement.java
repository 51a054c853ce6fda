package parley.mikey.transport;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Octets;

/// The SDP attribute `key-mgmt:mikey BASE64` (RFC 4567, 3.1).
///
/// A message has one spelling: base64 with its padding, no character outside of the alphabet,
/// unused bits zero, one space where the grammar has one. Data of other protocols is not looked at.
public final class KeyManagement {
  /// The protocol's identifier; case counts.
  public static final String MIKEY = "mikey";

  static final String ATTRIBUTE = "key-mgmt";

  private static final String CLAUSE = "RFC 4567, 3.1";
  private static final Pattern VALUE = Pattern.compile(" ?([A-Za-z0-9]+) (.*)", Pattern.DOTALL);
  private static final int MAX_BASE64 = 4 * ((MikeyReader.MAX_OCTETS + 2) / 3);

  private KeyManagement() {}

  /// The attribute alone as people pass it on: `a=key-mgmt:mikey AQAF…`, with or without `a=`, line
  /// end or not.
  ///
  /// @throws MalformedMessage where it is another attribute, or of another protocol, too
  public static Octets read(String line) throws MalformedMessage {
    String attribute = line.strip();
    attribute = attribute.startsWith("a=") ? attribute.substring(2) : attribute;
    if (!attribute.startsWith(ATTRIBUTE + ":")) {
      throw MalformedMessage.atLine(CLAUSE, 1, "this is no attribute key-mgmt");
    }
    return value(attribute.substring(ATTRIBUTE.length() + 1), 1)
        .orElseThrow(() -> MalformedMessage.atLine(CLAUSE, 1, "the protocol is not mikey"));
  }

  /// The attribute of `message` as a line of SDP, without the line's end.
  public static String write(Octets message) {
    if (message.length() == 0 || message.length() > MikeyReader.MAX_OCTETS) {
      throw new IllegalArgumentException(message.length() + " octets are no MIKEY message");
    }
    String base64 = Base64.getEncoder().encodeToString(message.bytes());
    return "a=" + ATTRIBUTE + ":" + MIKEY + " " + base64;
  }

  /// What stands behind the colon; empty for another protocol.
  static Optional<Octets> value(String value, int line) throws MalformedMessage {
    Matcher parts = VALUE.matcher(value);
    if (!parts.matches()) {
      throw MalformedMessage.atLine(CLAUSE, line, "key-mgmt is a protocol, a space, and its data");
    }
    return parts.group(1).equals(MIKEY)
        ? Optional.of(base64(parts.group(2), line))
        : Optional.empty();
  }

  private static Octets base64(String text, int line) throws MalformedMessage {
    if (text.length() > MAX_BASE64) {
      throw MalformedMessage.atLine(
          CLAUSE, line, "a message of more than " + MikeyReader.MAX_OCTETS + " octets");
    }
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      throw MalformedMessage.atLine(CLAUSE, line, "the data of mikey is not base64");
    }
    if (octets.length == 0 || octets.length > MikeyReader.MAX_OCTETS) {
      throw MalformedMessage.atLine(
          CLAUSE, line, "a message of 1 to " + MikeyReader.MAX_OCTETS + " octets belongs here");
    }
    if (!Base64.getEncoder().encodeToString(octets).equals(text)) {
      throw MalformedMessage.atLine(
          CLAUSE, line, "the base64 is not as an encoder writes it: padding or unused bits");
    }
    return Octets.of(octets);
  }
}
