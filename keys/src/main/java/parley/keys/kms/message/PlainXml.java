package parley.keys.kms.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a parser may see: UTF-8, at most 64 KiB, nothing but elements and text.
///
/// A document type, and with it every entity, comments and CDATA begin with `<!`; instructions with
/// `<?`. In XML neither can stand for anything else, because a `<` in text or in an attribute has
/// to be escaped. So a search for them is a whole defence, before a parser with its own ideas is
/// asked. Decoding happens here as well: a document cannot choose another encoding than the search
/// had.
final class PlainXml {
  static final int MOST_OCTETS = 64 << 10;

  private static final Pattern DECLARATION =
      Pattern.compile(
          "\\A<\\?xml\\s+version=(['\"])1\\.0\\1(\\s+encoding=(['\"])(?i:UTF-8)\\3)?"
              + "(\\s+standalone=(['\"])(yes|no)\\5)?\\s*\\?>");

  private static final Pattern FORBIDDEN =
      Pattern.compile("<[!?]|&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)");

  private PlainXml() {}

  /// The text behind the XML declaration, if there is one.
  static String of(byte[] octets) throws MalformedKmsMessage {
    if (octets.length > MOST_OCTETS) {
      throw refused(0, 0, "more than 64 KiB");
    }
    String text = decoded(octets);
    Matcher declaration = DECLARATION.matcher(text);
    String body = declaration.find() ? text.substring(declaration.end()) : text;
    Matcher forbidden = FORBIDDEN.matcher(body);
    if (forbidden.find()) {
      String before = body.substring(0, forbidden.start());
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      int column = forbidden.start() - before.lastIndexOf('\n');
      throw refused(
          line,
          column,
          "only elements, text and predefined entities have a place in a KMS message");
    }
    return body;
  }

  private static String decoded(byte[] octets) throws MalformedKmsMessage {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(octets))
          .toString();
    } catch (CharacterCodingException _) {
      throw refused(0, 0, "no UTF-8");
    }
  }

  private static MalformedKmsMessage refused(int line, int column, String reason) {
    return new MalformedKmsMessage(Names.XML_CLAUSE, line, column, reason);
  }
}
