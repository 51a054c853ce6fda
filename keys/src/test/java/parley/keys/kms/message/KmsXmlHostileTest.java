package parley.keys.kms.message;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// XML as an attacker writes it (threats, row 27): each is refused by the one exception that there
/// is, quickly, and nothing outside of the message is opened.
class KmsXmlHostileTest {
  private static final String GOOD = new String(MessageSamples.request().write(), UTF_8);

  @TempDir Path directory;

  @Test
  void entitiesAndDocumentTypes() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "sip:secret@example.org");
    String user = GOOD.replace("sip:alice@example.org", "&e;");
    for (String hostile :
        List.of(
            "<!DOCTYPE KmsRequest [<!ENTITY e \"sip:alice@example.org\">]>" + user,
            "<!DOCTYPE KmsRequest [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]>" + user,
            "<!DOCTYPE KmsRequest SYSTEM \"" + secret.toUri() + "\">" + GOOD,
            "<!DOCTYPE KmsRequest PUBLIC \"a\" \"http://127.0.0.1:1/x.dtd\">" + GOOD,
            "<!DOCTYPE KmsRequest [<!ENTITY % p SYSTEM \"" + secret.toUri() + "\"> %p;]>" + GOOD,
            "<!DOCTYPE KmsRequest [<!ATTLIST KmsRequest Version CDATA \"1.1.0\">]>" + GOOD,
            "<!DOCTYPE KmsRequest>" + GOOD,
            "<?xml version=\"1.0\"?><!DOCTYPE KmsRequest>" + GOOD,
            user,
            GOOD.replace("sip:", "&#0;"),
            GOOD.replace("sip:", "&#x110000;"),
            GOOD.replace("sip:", "&#xD800;"),
            GOOD.replace("sip:", "& "))) {
      refuses(hostile.getBytes(UTF_8));
    }
  }

  /// Ten levels of ten would be ten thousand million; refused before a parser counts.
  @Test
  void billionLaughs() {
    StringBuilder dtd = new StringBuilder("<!DOCTYPE KmsRequest [<!ENTITY e0 \"lol\">");
    for (int i = 1; i <= 10; i++) {
      dtd.append("<!ENTITY e%d \"%s\">".formatted(i, ("&e" + (i - 1) + ";").repeat(10)));
    }
    refuses((dtd + "]>" + GOOD.replace("sip:alice@example.org", "&e10;")).getBytes(UTF_8));
  }

  @Test
  void commentsCdataAndInstructions() {
    for (String hostile :
        List.of("<!-- -->", "<![CDATA[x]]>", "<?x y?>", "<?xml version=\"1.0\"?>", "<!X>")) {
      refuses(GOOD.replace("</UserUri>", hostile + "</UserUri>").getBytes(UTF_8));
      refuses(GOOD.replace("<KmsUri>", hostile + "<KmsUri>").getBytes(UTF_8));
      refuses((GOOD + hostile).getBytes(UTF_8));
      refuses(("\n" + hostile + GOOD).getBytes(UTF_8));
    }
    refuses(("<?xml-stylesheet href=\"a\"?>" + GOOD).getBytes(UTF_8));
  }

  @Test
  void otherEncodings() {
    for (Charset charset : List.of(UTF_16, Charset.forName("UTF-32"), Charset.forName("IBM037"))) {
      refuses(GOOD.getBytes(charset));
    }
    for (String encoding : List.of("UTF-16", "ISO-8859-1", "UTF-7", "IBM037")) {
      refuses(("<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" + GOOD).getBytes(UTF_8));
    }
    refuses(("<?xml version=\"1.1\"?>" + GOOD).getBytes(UTF_8));
    refuses(("\uFEFF" + GOOD).getBytes(UTF_8));
    byte[] overlong = GOOD.replace("sip:", "\u00ff").getBytes(UTF_8);
    overlong[GOOD.indexOf("sip:")] = (byte) 0xC0; // an overlong octet
    overlong[GOOD.indexOf("sip:") + 1] = (byte) 0xBC;
    refuses(overlong);
  }

  @Test
  void hugeAndDeep() {
    refuses(new byte[PlainXml.MOST_OCTETS + 1]);
    refuses(GOOD.replace("phone-1", "p".repeat(PlainXml.MOST_OCTETS)).getBytes(UTF_8));
    refuses(GOOD.replace("phone-1", "p".repeat(Fields.MOST_TEXT + 1)).getBytes(UTF_8));
    String deep = "<a xmlns=\"urn:a\">".repeat(20) + "</a>".repeat(20);
    refuses(GOOD.replace("</KmsRequest>", deep + "</KmsRequest>").getBytes(UTF_8));
    String deepest = "<a>".repeat(9000) + "</a>".repeat(9000);
    refuses(deepest.getBytes(UTF_8));
    StringBuilder attributes = new StringBuilder("<a xmlns=\"urn:a\"");
    StringBuilder namespaces = new StringBuilder("<a xmlns=\"urn:a\"");
    for (int i = 0; i < 4000; i++) {
      attributes.append(" b").append(i).append("=''");
      namespaces.append(" xmlns:b").append(i).append("='u'");
    }
    refuses(GOOD.replace("</KmsRequest>", attributes + "/></KmsRequest>").getBytes(UTF_8));
    refuses(GOOD.replace("</KmsRequest>", namespaces + "/></KmsRequest>").getBytes(UTF_8));
    String many = "<a xmlns=\"urn:a\"/>".repeat(3000);
    accepts(GOOD.replace("</KmsRequest>", many + "</KmsRequest>").getBytes(UTF_8));
  }

  @Test
  void wrongOrderMissingTwiceAndUnknown() {
    List<String> elements = new ArrayList<>();
    for (String name : List.of("UserUri", "KmsUri", "Time", "DeviceId", "ClientReqUrl")) {
      String close = "</" + name + ">";
      elements.add(
          GOOD.substring(GOOD.indexOf("<" + name + ">"), GOOD.indexOf(close) + close.length()));
    }
    for (String element : elements) {
      refuses(GOOD.replace(element, element + element).getBytes(UTF_8));
      if (!element.startsWith("<DeviceId>")) {
        refuses(GOOD.replace(element, "").getBytes(UTF_8));
      }
      String empty = element.replaceAll(">.*</", "></");
      refuses(GOOD.replace(element, empty).getBytes(UTF_8));
      refuses(GOOD.replace(element, element.replace("</", "<b/></")).getBytes(UTF_8));
      refuses(GOOD.replace(element, "x" + element).getBytes(UTF_8));
      refuses(GOOD.replace(element, element.replaceFirst(">", " a=\"1\">")).getBytes(UTF_8));
      refuses(GOOD.replace(element, "<New>1</New>" + element).getBytes(UTF_8));
      refuses(
          GOOD.replace(element, element + "<x xmlns=\"urn:x\"/>").getBytes(UTF_8),
          element.startsWith("<ClientReqUrl"));
      refuses(
          GOOD.replace(element, element.replaceFirst(">", " xmlns=\"urn:x\">")).getBytes(UTF_8));
    }
    for (int i = 1; i < elements.size(); i++) {
      String pair = elements.get(i - 1) + elements.get(i);
      refuses(GOOD.replace(pair, elements.get(i) + elements.get(i - 1)).getBytes(UTF_8));
    }
    refuses(GOOD.replace("Version=\"1.1.0\"", "").getBytes(UTF_8));
    refuses(GOOD.replace("Version=\"1.1.0\"", "Version=\"2.0.0\"").getBytes(UTF_8));
    refuses(
        GOOD.replace("Version=\"1.1.0\"", "Version=\"1.1.0\" Version=\"1.1.0\"").getBytes(UTF_8));
    refuses(GOOD.replace("Version=\"1.1.0\"", "Version=\"1.1.0\" b=\"1\"").getBytes(UTF_8));
    refuses(GOOD.replace("urn:3gpp:ns:mcsecKMSInterface:1.0", "urn:3gpp:ns:other").getBytes(UTF_8));
    refuses(GOOD.replace(" xmlns=\"urn:3gpp:ns:mcsecKMSInterface:1.0\"", "").getBytes(UTF_8));
    refuses((GOOD + GOOD).getBytes(UTF_8));
  }

  @Test
  void wrongValues() {
    for (String[] change :
        new String[][] {
          {"sip:alice@example.org", "sip:alice @example.org"},
          {"sip:alice@example.org", "sip:\u00e4lice@example.org"},
          {"sip:alice@example.org", "a".repeat(256)},
          {"2026-11-29T12:00:00Z", "2026-13-29T12:00:00Z"},
          {"2026-11-29T12:00:00Z", "29.11.2026"},
          {"2026-11-29T12:00:00Z", "2026-11-29"},
          {"2026-11-29T12:00:00Z", "+12026-11-29T12:00:00Z"},
        }) {
      refuses(GOOD.replace(change[0], change[1]).getBytes(UTF_8));
    }
    accepts(GOOD.replace("12:00:00Z", "13:00:00+01:00").getBytes(UTF_8));
    accepts(GOOD.replace("12:00:00Z", "11:00:00.5-01:00").getBytes(UTF_8));
  }

  /// Octets at random places changed, removed, doubled: read, or refused by the one exception.
  @Test
  void whateverIsDamaged() {
    Random random = new Random(27);
    for (byte[] good : MessageSamples.all()) {
      for (int i = 0; i < 300; i++) {
        byte[] bad = good.clone();
        int at = random.nextInt(bad.length);
        switch (random.nextInt(3)) {
          case 0 -> bad[at] = (byte) random.nextInt(256);
          case 1 -> bad = Arrays.copyOf(bad, at);
          default -> System.arraycopy(good, 0, bad, at, Math.min(at, bad.length - at));
        }
        readsOrRefuses(bad);
      }
    }
  }

  @Test
  void saysWhere() {
    String bad = GOOD.replace("<KmsUri>", "\n\n <KmsUrl>").replace("</KmsUri>", "</KmsUrl>");
    assertThatThrownBy(() -> UnverifiedKmsRequest.read(bad.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            MalformedKmsMessage.class,
            e -> {
              assertThat(e.clause()).isEqualTo("TS 33.180, D.2.2");
              assertThat(e.line()).isEqualTo(3);
              assertThat(e).hasMessageStartingWith("<KmsUri> is missing or not in its place");
            });
  }

  private static void accepts(byte[] octets) {
    refuses(octets, true);
  }

  private static void refuses(byte[] octets) {
    refuses(octets, false);
  }

  private static void refuses(byte[] octets, boolean isGood) {
    String shown = new String(octets, 0, Math.min(octets.length, 600), UTF_8);
    assertThat(readsOrRefuses(octets)).as(shown).isEqualTo(isGood);
  }

  private static boolean readsOrRefuses(byte[] octets) {
    boolean isRequest = new String(octets, UTF_8).contains("KmsRequest");
    try (AutoCloseable _ = isRequest ? request(octets) : UnverifiedKmsResponse.read(octets)) {
      return true;
    } catch (MalformedKmsMessage e) {
      assertThat(e.getMessage()).doesNotContain("secret").hasSizeLessThan(300);
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static AutoCloseable request(byte[] octets) throws MalformedKmsMessage {
    assertThat(UnverifiedKmsRequest.read(octets).unverified()).isNotNull();
    return () -> {};
  }
}
