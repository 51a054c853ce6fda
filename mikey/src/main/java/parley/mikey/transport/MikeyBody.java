package parley.mikey.transport;

import java.util.regex.Pattern;
import parley.mikey.message.MikeyReader;

/// A MIKEY message as the body of an HTTP request or answer (RFC 3830, 10.1).
public final class MikeyBody {
  public static final String CONTENT_TYPE = "application/mikey";
  public static final int MAX_OCTETS = MikeyReader.MAX_OCTETS;

  /// The only parameter is the version of MIKEY, which is 1 (RFC 9110, 8.3.1, for the form).
  private static final Pattern TYPE =
      Pattern.compile(
          "application/mikey(?:[ \\t]*;[ \\t]*version=(?:1|\"1\"))?", Pattern.CASE_INSENSITIVE);

  private MikeyBody() {}

  /// Whether the value of a Content-Type says that the body is a message of this version.
  public static boolean isType(String contentType) {
    return TYPE.matcher(contentType.strip()).matches();
  }
}
