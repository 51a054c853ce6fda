package parley.keys.kms.message;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The one signature that a message can have (TS 33.180, D.1; XML Signature).
///
/// It stands behind the element it signs, and has exactly one form: HMAC-SHA-256 of full length,
/// one Reference to that element's Id, exclusive canonical XML and no other transform, SHA-256.
/// Nothing is looked up by Id: the digest is of the element that was read, whose Id has to be the
/// one that is referred to. So there is no other element to put in its place.
final class XmlSignature {
  private static final String EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
  private static final String HMAC = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
  private static final String SHA_256 = "http://www.w3.org/2001/04/xmlenc#sha256";
  private static final int OCTETS = 32;
  private static final int MOST_BASE64 = 64;

  private final byte[] signedInfo;
  private final String reference;
  private final byte[] digest;
  private final byte[] value;
  private final String keyName;

  private XmlSignature(
      byte[] signedInfo, String reference, byte[] digest, byte[] value, String keyName) {
    this.signedInfo = signedInfo;
    this.reference = reference;
    this.digest = digest;
    this.value = value;
    this.keyName = keyName;
  }

  /// Reads `<Signature>`; what it is worth is for [#require] to say.
  static XmlSignature read(XmlCursor in) throws MalformedKmsMessage {
    in.reading(Names.SIGNATURE_CLAUSE);
    in.enter(Names.DS, "Signature");
    in.noMoreAttributes();
    CanonicalForm form = in.record();
    in.enter(Names.DS, "SignedInfo");
    in.noMoreAttributes();
    algorithm(in, "CanonicalizationMethod", EXCLUSIVE);
    algorithm(in, "SignatureMethod", HMAC);
    in.enter(Names.DS, "Reference");
    String reference = String.valueOf(in.attribute("URI"));
    in.noMoreAttributes();
    in.enter(Names.DS, "Transforms");
    in.noMoreAttributes();
    algorithm(in, "Transform", EXCLUSIVE);
    in.leave();
    algorithm(in, "DigestMethod", SHA_256);
    byte[] digest = octets(in, "DigestValue");
    in.leave();
    in.leave();
    in.stopRecording();
    byte[] value = octets(in, "SignatureValue");
    in.enter(Names.DS, "KeyInfo");
    in.noMoreAttributes();
    String keyName = in.text(Names.DS, "KeyName", Fields.MOST_URI);
    in.leave();
    in.leave();
    return new XmlSignature(form.octets(), reference, digest, value, keyName);
  }

  /// An element that names this algorithm and has nothing inside: no shorter HMAC, no path, no list
  /// of prefixes.
  private static void algorithm(XmlCursor in, String name, String required)
      throws MalformedKmsMessage {
    in.enter(Names.DS, name);
    String algorithm = in.attribute("Algorithm");
    in.noMoreAttributes();
    if (!required.equals(algorithm)) {
      throw in.refused(name + " is another than " + required);
    }
    in.leave();
  }

  private static byte[] octets(XmlCursor in, String name) throws MalformedKmsMessage {
    Fields fields = new Fields(in);
    byte[] octets = fields.base64(in.text(Names.DS, name, MOST_BASE64), name);
    if (octets.length != OCTETS) {
      throw in.refused(name + " has not 32 octets");
    }
    return octets;
  }

  /// The id of the key that it claims to be made with.
  String keyName() {
    return keyName;
  }

  /// Refuses a signature that is not by `keys` over these octets of the element with this Id.
  void require(byte[] canonical, String id, TransportKeys keys) throws WrongTransportKey {
    boolean isOurs = keyName.equals(keys.signatureId()) && reference.equals("#" + id);
    if (!isOurs
        || !MessageDigest.isEqual(sha256(canonical), digest)
        || !MessageDigest.isEqual(keys.mac(signedInfo), value)) {
      throw new WrongTransportKey(
          "the signature is by another key than ours, or of another message");
    }
  }

  /// Writes the signature over `canonical`, the element with this Id.
  static void write(XmlWriter out, byte[] canonical, String id, TransportKeys keys) {
    byte[] signedInfo = signedInfo(canonical, id);
    out.open(Names.DS, "Signature")
        .canonical(signedInfo)
        .element(Names.DS, "SignatureValue", base64(keys.mac(signedInfo)))
        .open(Names.DS, "KeyInfo")
        .element(Names.DS, "KeyName", keys.signatureId())
        .close("KeyInfo")
        .close("Signature");
  }

  /// In its canonical form, which has a namespace declaration more than it needs where it stands.
  private static byte[] signedInfo(byte[] canonical, String id) {
    try (XmlWriter out = new XmlWriter()) {
      out.open(Names.DS, "SignedInfo");
      algorithm(out, "CanonicalizationMethod", EXCLUSIVE);
      algorithm(out, "SignatureMethod", HMAC);
      out.open(Names.DS, "Reference", "URI", "#" + id).open(Names.DS, "Transforms");
      algorithm(out, "Transform", EXCLUSIVE);
      out.close("Transforms");
      algorithm(out, "DigestMethod", SHA_256);
      return out.element(Names.DS, "DigestValue", base64(sha256(canonical)))
          .close("Reference")
          .close("SignedInfo")
          .octets();
    }
  }

  private static void algorithm(XmlWriter out, String name, String algorithm) {
    out.open(Names.DS, name, "Algorithm", algorithm).close(name);
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  private static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
