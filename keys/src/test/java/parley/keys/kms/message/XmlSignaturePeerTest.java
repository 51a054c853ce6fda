package parley.keys.kms.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import parley.mikey.secret.SecretAccess;

/// The JDK's own XML Signature (Apache Santuario), which shares nothing with ours but the standard:
/// it accepts what we sign, and we accept what it signs. So the octets that we take for the
/// canonical form are those that others take for it.
class XmlSignaturePeerTest {
  private static final XMLSignatureFactory JDK = XMLSignatureFactory.getInstance("DOM");

  private final TransportKeys keys = MessageSamples.transportKeys();

  @Test
  void theJdkAcceptsEveryMessageThatWeSign() throws Exception {
    int signed = 0;
    for (byte[] octets : MessageSamples.all()) {
      if (new String(octets, UTF_8).startsWith("<Signed")) {
        assertThat(jdkAccepts(octets)).isTrue();
        signed++;
      }
    }
    assertThat(signed).isEqualTo(8);
  }

  @Test
  void weAcceptWhatTheJdkSigns() throws Exception {
    for (String request : List.of(PREFIXED, REDEFINED, DEFAULT)) {
      String text = jdkSigned(request, CanonicalizationMethod.EXCLUSIVE);
      UnverifiedKmsRequest read = UnverifiedKmsRequest.read(text.getBytes(UTF_8));
      assertThat(read.verified(keys).clientReqUrl()).isEqualTo("https://k/?a&b=<\"'>\u00e9");
    }
  }

  @Test
  void weRefuseAnyOtherCanonicalForm() throws Exception {
    for (String algorithm :
        List.of(
            CanonicalizationMethod.INCLUSIVE,
            CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS,
            CanonicalizationMethod.INCLUSIVE_WITH_COMMENTS)) {
      String text = jdkSigned(DEFAULT, algorithm);
      assertThatThrownBy(() -> UnverifiedKmsRequest.read(text.getBytes(UTF_8)))
          .isInstanceOf(MalformedKmsMessage.class)
          .hasMessageContaining("is another than http://www.w3.org/2001/10/xml-exc-c14n#");
    }
  }

  /// Prefixes of their own, declarations that are not needed, white space, attributes out of order.
  private static final String PREFIXED =
      """
      <k:SignedKmsRequest xmlns:k="urn:3gpp:ns:mcsecKMSInterface:1.0" xmlns:unused="urn:u">
        <k:KmsRequest xmlns:b="urn:b" xmlns:a="urn:z" b:y='2'  Version="1.1.0"   a:x="1&#9;&#10;&quot;&amp;>" Id="r" b:a="3">
          <k:UserUri>sip:alice@example.org</k:UserUri >
          <k:KmsUri>kms.example.org</k:KmsUri>
          <k:Time>2026-11-29T12:00:00Z</k:Time>
          <k:ClientReqUrl>https://k/?a&amp;b=&lt;"'&gt;\u00e9</k:ClientReqUrl>
          <b:e a:f="1"><a:g b:h="&#x20AC;"/>text&#13;<b:e/></b:e>
        </k:KmsRequest>
      </k:SignedKmsRequest>
      """;

  /// The same prefix for one namespace and then another, and a default that comes and goes.
  private static final String REDEFINED =
      """
      <SignedKmsRequest xmlns="urn:3gpp:ns:mcsecKMSInterface:1.0" xmlns:p="urn:1"><KmsRequest
          Version="1.1.0" Id="r"><UserUri>sip:alice@example.org</UserUri><KmsUri>k</KmsUri>
        <Time>2026-11-29T12:00:00Z</Time>
        <ClientReqUrl>https://k/?a&amp;b=&lt;&#34;&apos;&gt;\u00e9</ClientReqUrl>
        <p:a><p:b xmlns:p="urn:2" p:c=""><p:d xmlns:p="urn:1"/><p:e/></p:b>
          <c xmlns="urn:3"><d xmlns=""><e/><f xmlns="urn:3"/></d></c><p:c/></p:a>
      </KmsRequest></SignedKmsRequest>
      """;

  private static final String DEFAULT =
      """
      <SignedKmsRequest xmlns="urn:3gpp:ns:mcsecKMSInterface:1.0">\
      <KmsRequest Id="r" Version="1.1.0"><UserUri>sip:alice@example.org</UserUri><KmsUri>k</KmsUri>\
      <Time>2026-11-29T12:00:00Z</Time>\
      <ClientReqUrl>https://k/?a&amp;b=&lt;"'>\u00e9</ClientReqUrl></KmsRequest></SignedKmsRequest>\
      """;

  private boolean jdkAccepts(byte[] octets) throws Exception {
    Document document = parsed(octets);
    Element message = (Element) document.getDocumentElement().getFirstChild();
    Element signature = (Element) document.getDocumentElement().getLastChild();
    DOMValidateContext context = new DOMValidateContext(ink(), signature);
    context.setIdAttributeNS(message, null, "Id");
    return JDK.unmarshalXMLSignature(context).validate(context);
  }

  private String jdkSigned(String request, String canonicalization) throws Exception {
    Document document = parsed(request.getBytes(UTF_8));
    Element root = document.getDocumentElement();
    Element message = null;
    for (var node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
      message = node instanceof Element element ? element : message;
    }
    Reference reference =
        JDK.newReference(
            "#r",
            JDK.newDigestMethod(DigestMethod.SHA256, null),
            List.of(JDK.newTransform(canonicalization, (TransformParameterSpec) null)),
            null,
            null);
    SignedInfo signedInfo =
        JDK.newSignedInfo(
            JDK.newCanonicalizationMethod(canonicalization, (C14NMethodParameterSpec) null),
            JDK.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", null),
            List.of(reference));
    var factory = JDK.getKeyInfoFactory();
    KeyInfo keyInfo = factory.newKeyInfo(List.of(factory.newKeyName("ik.1.alice")));
    XMLSignature signature = JDK.newXMLSignature(signedInfo, keyInfo);
    DOMSignContext context = new DOMSignContext(ink(), root);
    context.setIdAttributeNS(message, null, "Id");
    context.setDefaultNamespacePrefix("ds");
    signature.sign(context);
    StringWriter text = new StringWriter();
    TransformerFactory.newDefaultInstance()
        .newTransformer()
        .transform(new DOMSource(document), new StreamResult(text));
    return text.toString();
  }

  private SecretKeySpec ink() {
    return keys.ink().lend(SecretAccess.token(), o -> new SecretKeySpec(o, "HmacSHA256"));
  }

  private static Document parsed(byte[] octets) throws Exception {
    return DocumentBuilderFactory.newDefaultNSInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(octets));
  }
}
