package parley.keys.kms.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the elements of the KMS's own namespace that hold one value.
final class Fields {
  static final int MOST_URI = 255;
  static final int MOST_TEXT = 512;

  /// Of a sentence to a user, which may name several URIs.
  static final int MOST_SENTENCE = 2048;

  private static final Pattern URI = Pattern.compile("[\\x21-\\x7E]{1,255}");
  private static final Pattern TIME =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?"
              + "(Z|[+-][0-9]{2}:[0-9]{2})?");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

  private final XmlCursor in;

  Fields(XmlCursor in) {
    this.in = in;
  }

  String uri(String name) throws MalformedKmsMessage {
    return requireUri(in.text(Names.KMS, name, MOST_URI), name);
  }

  @Nullable String optionalUri(String name) throws MalformedKmsMessage {
    return in.isAt(Names.KMS, name) ? uri(name) : null;
  }

  /// As [#uri], for an element of our own namespace.
  String ownUri(String name) throws MalformedKmsMessage {
    return requireUri(in.text(Names.PARLEY, name, MOST_URI), name);
  }

  private String requireUri(String text, String name) throws MalformedKmsMessage {
    if (!URI.matcher(text).matches()) {
      throw in.refused("<" + name + "> is no URI of printable ASCII");
    }
    return text;
  }

  @Nullable String optionalText(String name) throws MalformedKmsMessage {
    return in.optionalText(Names.KMS, name, MOST_TEXT);
  }

  /// An `xsd:dateTime`; one without a zone is taken as UTC, as the standard's examples are meant.
  Instant time(String name) throws MalformedKmsMessage {
    String text = in.text(Names.KMS, name, MOST_TEXT);
    if (!TIME.matcher(text).matches()) {
      throw in.refused("<" + name + "> is no time such as 2026-11-29T12:00:00Z");
    }
    boolean hasZone = text.endsWith("Z") || text.charAt(text.length() - 6) == '+' || isWest(text);
    try {
      return OffsetDateTime.parse(hasZone ? text : text + "Z").toInstant();
    } catch (DateTimeException _) {
      throw in.refused("<" + name + "> is no time that there is");
    }
  }

  private static boolean isWest(String time) {
    return time.charAt(time.length() - 6) == '-' && time.indexOf('T') < time.length() - 6;
  }

  @Nullable Instant optionalTime(String name) throws MalformedKmsMessage {
    return in.isAt(Names.KMS, name) ? time(name) : null;
  }

  long number(String name) throws MalformedKmsMessage {
    String text = in.text(Names.KMS, name, MOST_TEXT);
    if (!NUMBER.matcher(text).matches()) {
      throw in.refused("<" + name + "> is no number");
    }
    return Long.parseLong(text);
  }

  /// An `xsd:boolean` that may be missing; then it is false.
  boolean flag(String name) throws MalformedKmsMessage {
    String text = in.optionalText(Names.KMS, name, MOST_TEXT);
    if (text != null && !Set.of("true", "false", "1", "0").contains(text)) {
      throw in.refused("<" + name + "> is neither true nor false");
    }
    return "true".equals(text) || "1".equals(text);
  }

  byte[] hex(String text, String name, int octets) throws MalformedKmsMessage {
    try {
      byte[] value = HexFormat.of().parseHex(text);
      if (value.length == octets) {
        return value;
      }
    } catch (IllegalArgumentException _) {
      // refused below
    }
    throw in.refused("<" + name + "> is not " + octets + " octets in hexadecimal");
  }

  /// Base64 as it is written by the one way there is: padded, no spare bits; white space may break
  /// its lines.
  byte[] base64(String text, String name) throws MalformedKmsMessage {
    String packed = text.replaceAll("[ \\t\\r\\n]", "");
    try {
      byte[] value = Base64.getDecoder().decode(packed);
      if (Base64.getEncoder().encodeToString(value).equals(packed)) {
        return value;
      }
    } catch (IllegalArgumentException _) {
      // refused below
    }
    throw in.refused("<" + name + "> is no base64");
  }

  /// The `Version` of the element just entered: of the same first number as `known`.
  void version(String known) throws MalformedKmsMessage {
    String version = in.attribute("Version");
    boolean fits =
        version != null
            && version.matches("[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}")
            && version.startsWith(known.substring(0, known.indexOf('.') + 1));
    if (!fits) {
      throw in.refused("Version is missing, or not one of " + known.charAt(0) + ".x.y");
    }
  }
}
