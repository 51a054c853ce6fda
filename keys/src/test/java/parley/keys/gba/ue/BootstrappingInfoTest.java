package parley.keys.gba.ue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The XML that ends Ub; the hostile documents of row 27 of the threats among it.
class BootstrappingInfoTest {
  private static final String BTID = "<btid>I1U8vpY3qJ0hiuZNrke/NQ==@bsf.home1.net</btid>";
  private static final String LIFETIME = "<lifetime>2020-10-28T23:36:26Z</lifetime>";
  private static final String GOOD =
      "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">" + BTID + LIFETIME + "</BootstrappingInfo>";

  @TempDir Path directory;

  @Test
  void readsTheDocumentOfTheStandard() throws XMLStreamException {
    var info = parse("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + GOOD.replace("><", ">\n  <"));
    assertThat(info.btid()).hasToString("I1U8vpY3qJ0hiuZNrke/NQ==@bsf.home1.net");
    assertThat(info.lifetime()).isEqualTo(Instant.parse("2020-10-28T23:36:26Z"));
    assertThat(parse(GOOD.replace("26Z", "26+02:00")).lifetime())
        .isEqualTo(Instant.parse("2020-10-28T21:36:26Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "<BootstrappingInfo/>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\"/>",
        "<BootstrappingInfo>BTIDLIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:other\">BTIDLIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">LIFEBTID</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">BTID</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">BTIDBTIDLIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">BTIDLIFELIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">BTIDLIFE<x/></BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">xBTIDLIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\" a=\"b\">BTIDLIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\"><!-- x -->BTIDLIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\"><?x y?>BTIDLIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\"><btid><x/></btid>LIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\"><btid></btid>LIFE</BootstrappingInfo>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">BTID<lifetime>soon</lifetime></BootstrappingInfo>",
        "<a xmlns=\"uri:3gpp-gba\"><BootstrappingInfo>BTIDLIFE</BootstrappingInfo></a>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">BTIDLIFE</BootstrappingInfo>x",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">BTIDLIFE</BootstrappingInfo><b/>",
        "<BootstrappingInfo xmlns=\"uri:3gpp-gba\">BTIDLIFE",
      })
  void refusesEveryOtherForm(String document) {
    refused(document.replace("BTID", BTID).replace("LIFE", LIFETIME));
  }

  @Test
  void readsNoFileAndExpandsNothing() throws Exception {
    Path secret =
        Files.writeString(directory.resolve("secret"), "I1U8vpY3qJ0hiuZNrke/NQ==@bsf.home1.net");
    String use = GOOD.replace(BTID, "<btid>&x;</btid>");
    refused("<!DOCTYPE B [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>" + use);
    refused("<!DOCTYPE B [<!ENTITY x \"I1U8vpY3qJ0hiuZNrke/NQ==@bsf.home1.net\">]>" + use);
    refused("<!DOCTYPE B SYSTEM \"" + secret.toUri() + "\">" + GOOD);
    refused("<!DOCTYPE B>" + GOOD);
    refused(
        "<!DOCTYPE B [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\"><!ENTITY x \"&b;&b;&b;&b;\">]>"
            + use);
    refused(use);
  }

  @Test
  void isBounded() {
    refused(GOOD.replace(BTID, "<btid>" + "A".repeat(3000) + "</btid>"));
    refused(GOOD + " ".repeat(5000));
    refused("<a>".repeat(1000));
  }

  @Test
  void everyCutAndChangeIsReadOrRefused() {
    var random = new Random(5);
    for (int at = 0; at < GOOD.length(); at++) {
      refused(GOOD.substring(0, at));
      byte[] changed = GOOD.getBytes(UTF_8);
      changed[at] = (byte) random.nextInt(256);
      try {
        assertThat(BootstrappingInfo.parse(changed)).isNotNull();
      } catch (XMLStreamException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  private static BootstrappingInfo parse(String xml) throws XMLStreamException {
    return BootstrappingInfo.parse(xml.getBytes(UTF_8));
  }

  private static void refused(String xml) {
    assertThatThrownBy(() -> parse(xml)).isInstanceOf(XMLStreamException.class);
  }
}
