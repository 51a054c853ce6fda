package parley.keys.kms.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Writes XML in exclusive canonical form, so that the octets that go out are those that are
/// signed.
///
/// No declaration, no white space, no prefix but `xsi`: an element of another namespace changes the
/// default one. Holds octets, never a String of them, because a key in the clear may be among them:
/// [#close] zeroes what it held. Confined to one thread.
final class XmlWriter implements AutoCloseable {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(UTF_8);

  private byte[] out = new byte[2048];
  private int length;
  private final Deque<String> names = new ArrayDeque<>();
  private final Deque<String> namespaces = new ArrayDeque<>();

  /// @param attributes names and values, in alphabetical order
  XmlWriter open(String namespace, String name, String... attributes) {
    startTag(namespace, name);
    for (int i = 0; i < attributes.length; i += 2) {
      attribute(attributes[i], attributes[i + 1]);
    }
    return ascii(">");
  }

  /// An element whose type the schema leaves open.
  XmlWriter openTyped(String namespace, String name, String xsiType) {
    startTag(namespace, name);
    attribute("xmlns:xsi", Names.XSI);
    attribute("xsi:type", xsiType);
    return ascii(">");
  }

  private void startTag(String namespace, String name) {
    ascii("<").ascii(name);
    if (!namespace.equals(namespaces.peek())) {
      attribute("xmlns", namespace);
    }
    names.push(name);
    namespaces.push(namespace);
  }

  XmlWriter close(String name) {
    if (!name.equals(names.pop())) {
      throw new IllegalStateException("</" + name + "> closes another element");
    }
    namespaces.pop();
    return ascii("</").ascii(name).ascii(">");
  }

  XmlWriter text(String text) {
    escaped(text, false);
    return this;
  }

  XmlWriter element(String namespace, String name, Object value) {
    return open(namespace, name).text(value.toString()).close(name);
  }

  XmlWriter optional(String namespace, String name, @Nullable Object value) {
    return value == null ? this : element(namespace, name, value);
  }

  /// These octets in hexadecimal, without a String between.
  XmlWriter hex(byte[] octets) {
    room(2 * octets.length);
    for (byte octet : octets) {
      out[length++] = HEX[octet >> 4 & 0xF];
      out[length++] = HEX[octet & 0xF];
    }
    return this;
  }

  /// Octets that are canonical XML already.
  XmlWriter canonical(byte[] octets) {
    room(octets.length);
    System.arraycopy(octets, 0, out, length, octets.length);
    length += octets.length;
    return this;
  }

  /// A copy of what was written.
  byte[] octets() {
    if (!names.isEmpty()) {
      throw new IllegalStateException("<" + names.peek() + "> is open");
    }
    return Arrays.copyOf(out, length);
  }

  @Override
  public void close() {
    Arrays.fill(out, (byte) 0);
  }

  private void attribute(String name, String value) {
    ascii(" ").ascii(name).ascii("=\"");
    escaped(value, true);
    ascii("\"");
  }

  private void escaped(String text, boolean isAttribute) {
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      switch (character) {
        case '&' -> ascii("&amp;");
        case '<' -> ascii("&lt;");
        case '>' -> ascii(isAttribute ? ">" : "&gt;");
        case '"' -> ascii(isAttribute ? "&quot;" : "\"");
        default -> ascii(isXml(character) ? Character.toString(character) : "?");
      }
    }
  }

  /// Printable characters only: what is left out needs no escapes.
  private static boolean isXml(int character) {
    return character >= 0x20
        && character != 0x7F
        && (character < 0xD800 || (character > 0xDFFF && character < 0xFFFE));
  }

  private XmlWriter ascii(String text) {
    return canonical(text.getBytes(UTF_8));
  }

  private void room(int octets) {
    if (out.length - length < octets) {
      byte[] larger = Arrays.copyOf(out, 2 * out.length + octets);
      close();
      out = larger;
    }
  }
}
