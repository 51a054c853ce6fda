package parley.mikey.identity;

import java.util.Locale;
import java.util.regex.Pattern;

/// The canonical form of an identity's URI (RFC 3986, 6.2.2; for `tel:` RFC 6509, 3.2).
final class CanonicalUri {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");
  private static final Pattern GLOBAL_NUMBER = Pattern.compile("\\+[0-9]+");
  private static final Pattern SEPARATORS = Pattern.compile("[-.()]");
  private static final Pattern HOST = Pattern.compile("([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]+)?");
  private static final Pattern AFTER_HOST = Pattern.compile("[/?#;]");
  private static final String UNRESERVED_MARKS = "-._~";
  private static final int SHOWN = 80;

  private CanonicalUri() {}

  /// The canonical form of `uri`, which may be `uri` itself.
  ///
  /// @throws IllegalArgumentException if there is none
  static String of(String uri) {
    int colon = uri.indexOf(':');
    if (colon < 0 || !SCHEME.matcher(uri.substring(0, colon)).matches()) {
      throw refused(uri, "has no scheme; write sip:user@host or tel:+number");
    }
    if (!uri.chars().allMatch(c -> c > 0x20 && c < 0x7F && c != '"' && c != '<' && c != '>')) {
      throw refused(uri, "holds something that is not printable ASCII or belongs in no URI");
    }
    String scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = uri.substring(colon + 1);
    String canonical =
        switch (scheme) {
          case "tel" -> telephone(uri, rest);
          case "sip", "sips" -> hostLowered(uri, rest, rest.lastIndexOf('@') + 1);
          default ->
              rest.startsWith("//") ? hostLowered(uri, rest, hostStart(rest)) : opaque(uri, rest);
        };
    return scheme + ":" + canonical;
  }

  private static String telephone(String uri, String number) {
    String digits = SEPARATORS.matcher(number).replaceAll("");
    if (!GLOBAL_NUMBER.matcher(digits).matches()) {
      throw refused(uri, "is no global number without parameters; write tel:+number");
    }
    return digits;
  }

  /// Behind `//` and the user, if there is one before the path begins.
  private static int hostStart(String rest) {
    var path = AFTER_HOST.matcher(rest);
    int end = path.find(2) ? path.start() : rest.length();
    return Math.max(2, rest.lastIndexOf('@', end) + 1);
  }

  private static String hostLowered(String uri, String rest, int host) {
    var path = AFTER_HOST.matcher(rest);
    int end = path.find(host) ? path.start() : rest.length();
    String name = rest.substring(host, end).toLowerCase(Locale.ROOT);
    if (!HOST.matcher(name).matches()) {
      throw refused(uri, "names no host");
    }
    return percentNormalised(uri, rest.substring(0, host))
        + name
        + percentNormalised(uri, rest.substring(end));
  }

  private static String opaque(String uri, String rest) {
    if (rest.isEmpty()) {
      throw refused(uri, "names nobody");
    }
    return percentNormalised(uri, rest);
  }

  private static String percentNormalised(String uri, String part) {
    var out = new StringBuilder(part.length());
    for (int i = 0; i < part.length(); i++) {
      if (part.charAt(i) != '%') {
        out.append(part.charAt(i));
        continue;
      }
      int octet = percentEncoded(uri, part, i);
      boolean unreserved =
          octet < 0x80
              && (Character.isLetterOrDigit(octet) || UNRESERVED_MARKS.indexOf(octet) >= 0);
      out.append(unreserved ? String.valueOf((char) octet) : String.format("%%%02X", octet));
      i += 2;
    }
    return out.toString();
  }

  private static int percentEncoded(String uri, String part, int at) {
    if (at + 3 > part.length()) {
      throw refused(uri, "ends inside a percent-encoding");
    }
    int high = Character.digit(part.charAt(at + 1), 16);
    int low = Character.digit(part.charAt(at + 2), 16);
    if (high < 0 || low < 0) {
      throw refused(uri, "holds a % that two hexadecimal digits do not follow");
    }
    return high << 4 | low;
  }

  private static IllegalArgumentException refused(String uri, String why) {
    return new IllegalArgumentException("identity " + quote(uri) + " " + why);
  }

  /// For messages: cut to a bounded length, everything unprintable replaced.
  static String quote(String uri) {
    String cut = uri.length() > SHOWN ? uri.substring(0, SHOWN) + "..." : uri;
    return '"' + cut.replaceAll("[^\\x20-\\x7E]", "?") + '"';
  }
}
