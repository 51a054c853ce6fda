package parley.keys.kms.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Exclusive canonical XML without comments, of one element and what is in it
/// (`http://www.w3.org/2001/10/xml-exc-c14n#`).
///
/// Made of the events that the reader of the message sees, so that there is no second parser to
/// disagree with: what is verified is what is read. Short, because what makes the whole algorithm
/// long (comments, instructions, entities, default attributes, node sets) does not get this far.
final class CanonicalForm {
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /// The prefixes that each open element has in its output, inherited ones among them.
  private final Deque<Map<String, String>> rendered = new ArrayDeque<>();

  void start(XMLStreamReader at) {
    Map<String, String> inherited = rendered.isEmpty() ? Map.of() : rendered.getFirst();
    Map<String, String> known = new HashMap<>(inherited);
    String name = qualified(at.getPrefix(), at.getLocalName());
    out.append('<').append(name);
    declare(visiblyUsed(at), known);
    List<Integer> attributes =
        IntStream.range(0, at.getAttributeCount())
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> orEmpty(at.getAttributeNamespace(i)))
                    .thenComparing(at::getAttributeLocalName))
            .toList();
    for (int i : attributes) {
      String attribute = qualified(at.getAttributePrefix(i), at.getAttributeLocalName(i));
      attribute(attribute, at.getAttributeValue(i));
    }
    out.append('>');
    open.push(name);
    rendered.push(known);
  }

  private static Map<String, String> visiblyUsed(XMLStreamReader at) {
    Map<String, String> used = new TreeMap<>();
    used.put(orEmpty(at.getPrefix()), orEmpty(at.getNamespaceURI()));
    for (int i = 0; i < at.getAttributeCount(); i++) {
      String prefix = orEmpty(at.getAttributePrefix(i));
      if (!prefix.isEmpty() && !prefix.equals("xml")) {
        used.put(prefix, orEmpty(at.getAttributeNamespace(i)));
      }
    }
    return used;
  }

  private void declare(Map<String, String> used, Map<String, String> known) {
    used.forEach((prefix, namespace) -> {
      if (!namespace.equals(known.getOrDefault(prefix, ""))) {
        attribute(prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix, namespace);
      }
      known.put(prefix, namespace);
    });
  }

  void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\r' -> out.append("&#xD;");
        default -> out.append(text.charAt(i));
      }
    }
  }

  void end() {
    rendered.pop();
    out.append("</").append(open.pop()).append('>');
  }

  boolean isWhole() {
    return open.isEmpty();
  }

  byte[] octets() {
    return out.toString().getBytes(UTF_8);
  }

  private void attribute(String name, String value) {
    out.append(' ').append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      switch (value.charAt(i)) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '"' -> out.append("&quot;");
        case '\t' -> out.append("&#x9;");
        case '\n' -> out.append("&#xA;");
        case '\r' -> out.append("&#xD;");
        default -> out.append(value.charAt(i));
      }
    }
    out.append('"');
  }

  private static String qualified(String prefix, String name) {
    return orEmpty(prefix).isEmpty() ? name : prefix + ":" + name;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
