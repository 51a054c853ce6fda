package parley.keys.gba.ue;

import java.io.ByteArrayInputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import parley.keys.gba.Tid;

/// The body that ends Ub: `<BootstrappingInfo xmlns="uri:3gpp-gba"><btid/><lifetime/>` in this
/// order and nothing besides (TS 24.109, Annex C).
///
/// Read by StAX without document types and entities, at most 4 KiB.
record BootstrappingInfo(Tid btid, Instant lifetime) {
  private static final int MOST_OCTETS = 4096;
  private static final int MOST_TEXT = 256;
  private static final String NAMESPACE = "uri:3gpp-gba";
  private static final XMLInputFactory XML = factory();

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setXMLResolver((_, _, _, _) -> {
      throw new XMLStreamException("no entities");
    });
    return factory;
  }

  /// @throws XMLStreamException if it is anything else
  static BootstrappingInfo parse(byte[] xml) throws XMLStreamException {
    if (xml.length > MOST_OCTETS) {
      throw new XMLStreamException("over 4 KiB");
    }
    XMLStreamReader in;
    synchronized (XML) {
      in = XML.createXMLStreamReader(new ByteArrayInputStream(xml));
    }
    try {
      require(in, XMLStreamConstants.START_ELEMENT, "BootstrappingInfo");
      Tid btid = new Tid(text(in, "btid"));
      Instant lifetime = OffsetDateTime.parse(text(in, "lifetime")).toInstant();
      require(in, XMLStreamConstants.END_ELEMENT, "BootstrappingInfo");
      if (next(in) != XMLStreamConstants.END_DOCUMENT) {
        throw new XMLStreamException("something behind the end");
      }
      return new BootstrappingInfo(btid, lifetime);
    } catch (IllegalArgumentException | DateTimeException _) {
      throw new XMLStreamException("no B-TID or no lifetime");
    } finally {
      in.close();
    }
  }

  private static String text(XMLStreamReader in, String name) throws XMLStreamException {
    require(in, XMLStreamConstants.START_ELEMENT, name);
    var text = new StringBuilder();
    int event = in.next();
    while (event == XMLStreamConstants.CHARACTERS) {
      text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
      if (text.length() > MOST_TEXT) {
        throw new XMLStreamException("a value that is too long");
      }
      event = in.next();
    }
    if (event != XMLStreamConstants.END_ELEMENT) {
      throw new XMLStreamException("more than text in " + name);
    }
    return text.toString().strip();
  }

  private static void require(XMLStreamReader in, int event, String name)
      throws XMLStreamException {
    if (next(in) != event
        || !in.getLocalName().equals(name)
        || !NAMESPACE.equals(in.getNamespaceURI())
        || (event == XMLStreamConstants.START_ELEMENT && in.getAttributeCount() > 0)) {
      throw new XMLStreamException("not " + name + " of " + NAMESPACE);
    }
  }

  /// Past white space.
  private static int next(XMLStreamReader in) throws XMLStreamException {
    int event = in.next();
    while (event == XMLStreamConstants.SPACE
        || (event == XMLStreamConstants.CHARACTERS && in.isWhiteSpace())) {
      event = in.next();
    }
    return event;
  }
}
