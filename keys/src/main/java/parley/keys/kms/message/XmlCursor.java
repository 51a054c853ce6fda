package parley.keys.kms.message;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretBytes;

/// Walks a message from tag to tag, in the one order that its reader names.
///
/// Stands on a tag; white space between tags is passed over, other text there is refused. Depth,
/// attributes and texts are bounded, ids are unique. The parser knows neither document types nor
/// external entities, though [PlainXml] has kept them away already. Confined to one thread.
final class XmlCursor {
  private static final int MOST_DEPTH = 16;
  private static final int MOST_ATTRIBUTES = 16;
  private static final XMLInputFactory PARSERS = parsers();

  private final XMLStreamReader parser;
  private final Set<String> ids = new HashSet<>();
  private final Map<String, String> attributes = new HashMap<>();
  private String clause;
  private int depth;
  private boolean isSettled;
  private final List<SecretBytes> secrets = new ArrayList<>();
  private @Nullable CanonicalForm recorded;

  private XmlCursor(XMLStreamReader parser, String clause) {
    this.parser = parser;
    this.clause = clause;
  }

  private static XMLInputFactory parsers() {
    XMLInputFactory made = XMLInputFactory.newDefaultFactory();
    made.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    made.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    made.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    made.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    made.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("nothing outside of the message is read");
    });
    return made;
  }

  /// Stands on the root afterwards.
  static XmlCursor open(byte[] octets, String clause) throws MalformedKmsMessage {
    String text = PlainXml.of(octets);
    try {
      XMLStreamReader parser;
      synchronized (PARSERS) {
        parser = PARSERS.createXMLStreamReader(new StringReader(text));
      }
      XmlCursor cursor = new XmlCursor(parser, clause);
      cursor.settle();
      return cursor;
    } catch (XMLStreamException e) {
      throw malformed(clause, e);
    }
  }

  /// From here on this clause is the one that is broken.
  void reading(String nextClause) {
    clause = nextClause;
  }

  /// Whether the start of this element comes next.
  boolean isAt(String namespace, String name) throws MalformedKmsMessage {
    settle();
    return parser.getEventType() == XMLStreamConstants.START_ELEMENT
        && namespace.equals(parser.getNamespaceURI())
        && name.equals(parser.getLocalName());
  }

  /// Passes the start of this element, which must come next; its attributes can be asked for.
  void enter(String namespace, String name) throws MalformedKmsMessage {
    if (!isAt(namespace, name)) {
      throw refused("<" + name + "> is missing or not in its place");
    }
    passStart();
  }

  private void passStart() throws MalformedKmsMessage {
    if (++depth > MOST_DEPTH) {
      throw refused("elements lie more than " + MOST_DEPTH + " deep");
    }
    int count = parser.getAttributeCount();
    if (count > MOST_ATTRIBUTES || parser.getNamespaceCount() > MOST_ATTRIBUTES) {
      throw refused("an element has more than " + MOST_ATTRIBUTES + " attributes");
    }
    attributes.clear();
    for (int i = 0; i < count; i++) {
      takeAttribute(i);
    }
    if (recorded != null) {
      recorded.start(parser);
    }
    isSettled = false;
  }

  private void takeAttribute(int i) throws MalformedKmsMessage {
    String namespace = parser.getAttributeNamespace(i);
    String name = parser.getAttributeLocalName(i);
    if (name.equalsIgnoreCase("id") && !ids.add(parser.getAttributeValue(i))) {
      throw refused("an id stands twice");
    }
    boolean isOurs = namespace == null || namespace.isEmpty();
    if (isOurs || (Names.XSI.equals(namespace) && name.equals("type"))) {
      attributes.put(isOurs ? name : "xsi:" + name, parser.getAttributeValue(i));
    }
  }

  /// An attribute of the element just entered, which may stand there once asked for.
  @Nullable String attribute(String name) {
    return attributes.remove(name);
  }

  /// Refuses attributes that nobody has asked for; those of other namespaces are nobody's.
  void noMoreAttributes() throws MalformedKmsMessage {
    if (!attributes.isEmpty()) {
      throw refused("an element has an attribute that it does not know");
    }
  }

  /// Passes the end of the element that was entered last.
  void leave() throws MalformedKmsMessage {
    settle();
    if (parser.getEventType() != XMLStreamConstants.END_ELEMENT) {
      throw refused("<" + shown() + "> has no place here");
    }
    passEnd();
  }

  private void passEnd() {
    depth--;
    if (recorded != null && !recorded.isWhole()) {
      recorded.end();
    }
    isSettled = false;
  }

  /// An element that holds text alone, without white space around it; `most` characters.
  String text(String namespace, String name, int most) throws MalformedKmsMessage {
    enter(namespace, name);
    noMoreAttributes();
    return restAsText(most);
  }

  /// The same, if it comes next.
  @Nullable String optionalText(String namespace, String name, int most)
      throws MalformedKmsMessage {
    return isAt(namespace, name) ? text(namespace, name, most) : null;
  }

  /// The text up to the end of the element just entered, which is passed.
  String restAsText(int most) throws MalformedKmsMessage {
    StringBuilder text = new StringBuilder();
    while (next() == XMLStreamConstants.CHARACTERS) {
      text.append(parser.getText());
      record(parser.getText());
    }
    if (parser.getEventType() != XMLStreamConstants.END_ELEMENT) {
      throw refused("<" + shown() + "> stands where only text may");
    }
    String value = text.toString().strip();
    if (value.length() > most || value.isEmpty()) {
      throw refused("<" + shown() + "> has no text, or more than " + most + " characters");
    }
    passEnd();
    return value;
  }

  /// Passes elements of other namespaces than these, as `xsd:any ##other` lets them stand here.
  void skipForeign(Set<String> known) throws MalformedKmsMessage {
    settle();
    while (parser.getEventType() == XMLStreamConstants.START_ELEMENT
        && parser.getNamespaceURI() != null
        && !known.contains(parser.getNamespaceURI())) {
      skip();
      settle();
    }
  }

  /// Passes one element with all that is in it.
  void skip() throws MalformedKmsMessage {
    int outside = depth;
    passStart();
    while (depth > outside) {
      switch (next()) {
        case XMLStreamConstants.START_ELEMENT -> passStart();
        case XMLStreamConstants.END_ELEMENT -> passEnd();
        case XMLStreamConstants.CHARACTERS -> record(parser.getText());
        default -> throw refused("something that is neither element nor text");
      }
    }
    isSettled = false;
  }

  /// From the tag that comes next on, what is read is recorded in its canonical form.
  CanonicalForm record() throws MalformedKmsMessage {
    settle();
    recorded = new CanonicalForm();
    return recorded;
  }

  void stopRecording() {
    recorded = null;
  }

  /// Remembers a secret that was read, for the case that what follows is refused.
  SecretBytes keep(SecretBytes secret) {
    secrets.add(secret);
    return secret;
  }

  /// Closes what was kept.
  void closeSecrets() {
    secrets.forEach(SecretBytes::close);
  }

  /// Requires that nothing follows.
  void end() throws MalformedKmsMessage {
    while (next() != XMLStreamConstants.END_DOCUMENT) {
      requireWhiteSpace();
    }
  }

  /// Refuses what was read last, or what comes next.
  MalformedKmsMessage refused(String reason) {
    Location at = parser.getLocation();
    return new MalformedKmsMessage(clause, at.getLineNumber(), at.getColumnNumber(), reason);
  }

  private void settle() throws MalformedKmsMessage {
    while (!isSettled) {
      int event = next();
      isSettled =
          event == XMLStreamConstants.START_ELEMENT || event == XMLStreamConstants.END_ELEMENT;
      if (!isSettled) {
        requireWhiteSpace();
      }
    }
  }

  private void requireWhiteSpace() throws MalformedKmsMessage {
    boolean isText =
        parser.getEventType() == XMLStreamConstants.CHARACTERS
            || parser.getEventType() == XMLStreamConstants.SPACE;
    if (!isText || !parser.getText().isBlank()) {
      throw refused("something other than an element stands between elements");
    }
    record(parser.getText());
  }

  private void record(String text) {
    if (recorded != null && !recorded.isWhole()) {
      recorded.text(text);
    }
  }

  private int next() throws MalformedKmsMessage {
    try {
      return parser.next();
    } catch (XMLStreamException e) {
      throw malformed(clause, e);
    } catch (RuntimeException _) {
      throw refused("no well-formed XML"); // the JDK's parser has thrown other things before
    }
  }

  /// The name of the present element, if it is one that can be shown.
  private String shown() {
    String name = parser.hasName() ? parser.getLocalName() : "";
    return name.matches("[A-Za-z-]{1,32}") ? name : "...";
  }

  private static MalformedKmsMessage malformed(String clause, XMLStreamException e) {
    Location at = e.getLocation();
    int line = at == null ? 0 : at.getLineNumber();
    int column = at == null ? 0 : at.getColumnNumber();
    return new MalformedKmsMessage(clause, line, column, "no well-formed XML");
  }
}
