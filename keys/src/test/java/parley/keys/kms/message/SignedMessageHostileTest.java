package parley.keys.kms.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A signed message that somebody has touched (threats, row 27).
class SignedMessageHostileTest {
  private final TransportKeys keys = MessageSamples.transportKeys();
  private final byte[] signed = MessageSamples.response(MessageSamples.emptyProvision()).sign(keys);
  private final String text = new String(signed, UTF_8);

  @Test
  void everyFlippedBitIsRefused() {
    assertThat(accepted(signed)).isTrue();
    for (int bit = 0; bit < 8 * signed.length; bit++) {
      byte[] flipped = signed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(accepted(flipped)).as("bit %d of %s", bit, text).isFalse();
    }
  }

  @Test
  void everyCutIsRefused() {
    for (int length = 0; length < signed.length; length++) {
      assertThat(accepted(Arrays.copyOf(signed, length))).as("cut to %d", length).isFalse();
    }
  }

  @Test
  void octetsBehindItAreRefused() {
    for (String tail : List.of("x", "<a/>", "<!-- -->", "<?a?>", "\0", "]]>", "&amp;", text)) {
      assertThat(accepted(text + tail)).as(tail).isFalse();
    }
    assertThat(accepted(text + "\n")).as("white space is nothing").isTrue();
  }

  /// The signed element is moved aside and another one put where it is read.
  @Test
  void nothingElseCanBePutInItsPlace() {
    String message = between("<KmsResponse", "</KmsResponse>");
    String signature = between("<Signature", "</Signature>");
    String forged = message.replace("sip:alice@example.org", "sip:mallory@example.org");
    String open = "<SignedKmsResponse xmlns=\"urn:3gpp:ns:mcsecKMSInterface:1.0\">";
    String close = "</SignedKmsResponse>";
    assertThat(accepted(open + message + signature + close)).isTrue();
    String otherId = forged.replace("Id=\"response\"", "Id=\"other\"");
    String noId = forged.replace("Id=\"response\" ", "");
    String foreign = "<x xmlns=\"urn:x\">" + message + "</x>";
    String hidden = otherId.replace("</KmsResponse>", foreign + "</KmsResponse>");
    String inObject =
        signature.replace("</Signature>", "<Object>" + message + "</Object></Signature>");
    for (String wrapped :
        List.of(
            forged,
            forged + signature,
            forged + message + signature,
            message + forged + signature,
            otherId + message + signature,
            otherId + foreign + signature,
            noId + foreign + signature,
            hidden + signature,
            noId.replace("</KmsResponse>", foreign + "</KmsResponse>") + signature,
            forged.replace("</KmsResponse>", foreign + "</KmsResponse>") + signature,
            signature + message,
            message + signature + signature,
            otherId + inObject,
            forged + inObject,
            message + signature + message,
            message + signature + forged,
            foreign + forged + signature)) {
      assertThat(accepted(open + wrapped + close)).as(wrapped).isFalse();
    }
    assertThat(accepted(open + open + message + signature + close + close)).isFalse();
    assertThat(accepted(text.replace("KmsResponse", "KmsRequest"))).isFalse();
  }

  @Test
  void theSignatureHasOneFormAlone() {
    for (String[] change :
        new String[][] {
          {"xmldsig-more#hmac-sha256", "xmldsig-more#hmac-sha512"},
          {"xmldsig-more#hmac-sha256", "xmldsig-more#rsa-sha256"},
          {"2001/04/xmldsig-more#hmac-sha256", "2000/09/xmldsig#hmac-sha1"},
          {"xmlenc#sha256", "xmlenc#sha512"},
          {
            "#hmac-sha256\"></SignatureMethod>",
            "#hmac-sha256\"><HMACOutputLength>0</HMACOutputLength></SignatureMethod>"
          },
          {
            "#hmac-sha256\"></SignatureMethod>",
            "#hmac-sha256\"><HMACOutputLength>256</HMACOutputLength></SignatureMethod>"
          },
          {"URI=\"#response\"", "URI=\"\""},
          {"URI=\"#response\"", ""},
          {"URI=\"#response\"", "URI=\"#xpointer(/)\""},
          {"URI=\"#response\"", "URI=\"file:///etc/passwd\""},
          {"URI=\"#response\"", "URI=\"#response\" Type=\"x\""},
          {
            "<Transforms>",
            "<Transforms><Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>"
          },
          {
            "</Transforms>",
            "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/></Transforms>"
          },
          {
            "</Transforms>",
            "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><XPath>1</XPath></Transform></Transforms>"
          },
          {
            "xml-exc-c14n#\"></Transform>",
            "xml-exc-c14n#\"><InclusiveNamespaces xmlns=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"a\"/></Transform>"
          },
          {"</Reference>", "</Reference><Reference URI=\"\"/>"},
          {"<KeyInfo><KeyName>ik.1.alice</KeyName></KeyInfo>", ""},
          {"<KeyName>ik.1.alice</KeyName>", "<KeyName>tk.1.alice</KeyName>"},
          {"<KeyName>ik.1.alice</KeyName>", "<KeyName>ik.1.alice</KeyName><KeyName>x</KeyName>"},
          {"<KeyName>ik.1.alice</KeyName>", "<KeyValue>x</KeyValue>"},
          {"<SignedInfo ", "<SignedInfo Id=\"response\" "},
          {"<Signature ", "<Signature Id=\"x\" "},
          {"</SignatureValue>", "=</SignatureValue>"}
        }) {
      assertThat(text).contains(change[0]);
      assertThat(accepted(text.replace(change[0], change[1]))).as(change[1]).isFalse();
    }
  }

  @Test
  void anIdStandsOnce() {
    String request = new String(MessageSamples.request().write(), UTF_8);
    String twice =
        request
            .replace("<KmsRequest ", "<KmsRequest Id=\"a\" ")
            .replace("</KmsRequest>", "<x xmlns=\"urn:x\" id=\"a\"/></KmsRequest>");
    assertThatThrownBy(() -> UnverifiedKmsRequest.read(twice.getBytes(UTF_8)))
        .isInstanceOf(MalformedKmsMessage.class)
        .hasMessageContaining("an id stands twice");
  }

  private String between(String from, String to) {
    return text.substring(text.indexOf(from), text.indexOf(to) + to.length());
  }

  private boolean accepted(String message) {
    return accepted(message.getBytes(UTF_8));
  }

  private boolean accepted(byte[] octets) {
    try (var read = UnverifiedKmsResponse.read(octets)) {
      return read.verified(keys) != null;
    } catch (MalformedKmsMessage | WrongTransportKey _) {
      return false;
    }
  }
}
