package parley.keys.gba.digest;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters of one header: `name=token` or `name="quoted"`, with commas between.
///
/// Bounded before anything is stored: 4096 characters, 20 parameters. A name that comes twice is
/// refused, as two readers could choose differently; so is what is not printable ASCII. Names that
/// nobody asks for are skipped, as RFC 7616 wants.
final class DigestFields {
  private static final int MOST_CHARACTERS = 4096;
  private static final int MOST_FIELDS = 20;
  private static final String SCHEME = "digest ";
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final String text;
  private final Map<String, Field> fields = new LinkedHashMap<>();
  private int at;

  private record Field(String value, boolean quoted) {}

  private DigestFields(String text, int at) {
    this.text = text;
    this.at = at;
  }

  /// Of a header that names its scheme, `WWW-Authenticate` or `Authorization`.
  static DigestFields ofScheme(String header) throws MalformedDigest {
    requireBounded(header);
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new MalformedDigest("the scheme is not Digest");
    }
    return new DigestFields(header, SCHEME.length()).read();
  }

  /// Of `Authentication-Info`, which names none.
  static DigestFields of(String header) throws MalformedDigest {
    requireBounded(header);
    return new DigestFields(header, 0).read();
  }

  private static void requireBounded(String header) throws MalformedDigest {
    if (header.length() > MOST_CHARACTERS) {
      throw new MalformedDigest("over 4096 characters");
    }
  }

  /// A value that stands in quotes; null where there is none of this name.
  @Nullable String quoted(String name) throws MalformedDigest {
    Field field = fields.get(name);
    if (field != null && !field.quoted) {
      throw new MalformedDigest(name + " stands without its quotes");
    }
    return field == null ? null : field.value;
  }

  String requiredQuoted(String name) throws MalformedDigest {
    return required(name, quoted(name));
  }

  /// A value that should be a token; in quotes as well, as some write it so.
  @Nullable String token(String name) {
    Field field = fields.get(name);
    return field == null ? null : field.value;
  }

  String requiredToken(String name) throws MalformedDigest {
    return required(name, token(name));
  }

  private static String required(String name, @Nullable String value) throws MalformedDigest {
    if (value == null) {
      throw new MalformedDigest("no " + name);
    }
    return value;
  }

  private DigestFields read() throws MalformedDigest {
    do {
      skipSpace();
      String name = readToken().toLowerCase(Locale.ROOT);
      skipSpace();
      expect('=');
      skipSpace();
      Field field = peek() == '"' ? new Field(readQuoted(), true) : new Field(readToken(), false);
      if (fields.put(name, field) != null || fields.size() > MOST_FIELDS) {
        throw new MalformedDigest("a parameter twice, or more than " + MOST_FIELDS);
      }
      skipSpace();
    } while (comma());
    return this;
  }

  /// Whether another parameter follows; anything but a comma here is no end.
  private boolean comma() throws MalformedDigest {
    if (at == text.length()) {
      return false;
    }
    expect(',');
    return true;
  }

  private void skipSpace() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void expect(char c) throws MalformedDigest {
    if (peek() != c) {
      throw new MalformedDigest("no '%c' at character %d".formatted(c, at));
    }
    at++;
  }

  private String readToken() throws MalformedDigest {
    int start = at;
    while (isTokenCharacter(peek())) {
      at++;
    }
    if (at == start) {
      throw new MalformedDigest("no token at character " + at);
    }
    return text.substring(start, at);
  }

  private static boolean isTokenCharacter(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || (c != '\0' && TOKEN_MARKS.indexOf(c) >= 0);
  }

  private String readQuoted() throws MalformedDigest {
    expect('"');
    var value = new StringBuilder();
    while (peek() != '"') {
      if (peek() == '\\') {
        at++;
      }
      if (!isPrintable(peek())) {
        throw new MalformedDigest("no printable ASCII at character " + at);
      }
      value.append(text.charAt(at++));
    }
    at++;
    return value.toString();
  }

  private static boolean isPrintable(char c) {
    return c >= ' ' && c < 0x7F;
  }

  /// `name="value"`, with what must be escaped escaped.
  ///
  /// @throws IllegalArgumentException if the value is not printable ASCII
  static String quoted(String name, String value) {
    if (!value.chars().allMatch(c -> isPrintable((char) c))) {
      throw new IllegalArgumentException(name + " is not printable ASCII");
    }
    return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
