package parley.keys.kms.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiPublicKey;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.sakke.SakkePublicKey;

/// A KMS certificate with what the message says about it (TS 33.180, D.3.2.2).
///
/// Key periods of calendar months, which the standard does not know, are written as a period of 0
/// seconds with UserIdFormat 1.
///
/// @param isRoot whether it is that of the KMS that sends it
/// @param validFrom null where it always was
/// @param validTo null where no end is known
public record CertificateEntry(
    boolean isRoot,
    @Nullable String certUri,
    @Nullable String issuer,
    @Nullable Instant validFrom,
    @Nullable Instant validTo,
    boolean isRevoked,
    KmsCertificate certificate,
    List<String> domains) {
  private static final String NAME = "KmsCertificate";
  private static final String ROOT = "Root";
  private static final String EXTERNAL = "External";
  private static final int Z_OCTETS = 257;
  private static final int KPAK_OCTETS = 65;
  private static final int MOST_DOMAINS = 64;
  private static final long PARAMETER_SET = 1;

  public CertificateEntry {
    domains = List.copyOf(domains);
  }

  /// That of the KMS that sends it.
  public static CertificateEntry root(KmsCertificate certificate) {
    return new CertificateEntry(true, null, null, null, null, false, certificate, List.of());
  }

  /// That of another KMS, which the sender vouches for.
  public static CertificateEntry external(KmsCertificate certificate) {
    return new CertificateEntry(false, null, null, null, null, false, certificate, List.of());
  }

  /// The same, good until then.
  public CertificateEntry validTo(Instant end) {
    return new CertificateEntry(
        isRoot, certUri, issuer, validFrom, end, isRevoked, certificate, domains);
  }

  /// The element alone, as a file of its own. It is not signed: whoever takes it has to know by
  /// other means that it is what it says.
  public byte[] writeAlone() {
    try (XmlWriter out = new XmlWriter()) {
      write(out);
      return out.octets();
    }
  }

  /// Reads what [#writeAlone] or another implementation wrote.
  public static CertificateEntry readAlone(byte[] octets) throws MalformedKmsMessage {
    XmlCursor in = XmlCursor.open(octets, Names.CERTIFICATE_CLAUSE);
    CertificateEntry read = read(in);
    in.end();
    return read;
  }

  static boolean isNext(XmlCursor in) throws MalformedKmsMessage {
    return in.isAt(Names.KMS, NAME);
  }

  static CertificateEntry read(XmlCursor in) throws MalformedKmsMessage {
    in.reading(Names.CERTIFICATE_CLAUSE);
    Fields fields = new Fields(in);
    in.enter(Names.KMS, NAME);
    fields.version(Names.CERTIFICATE_VERSION);
    String role = in.attribute("Role");
    requireNoGateway(in);
    in.noMoreAttributes();
    if (!ROOT.equals(role) && !EXTERNAL.equals(role)) {
      throw in.refused("Role is neither Root nor External");
    }
    String certUri = fields.optionalUri("CertUri");
    String kmsUri = fields.uri("KmsUri");
    String issuer = fields.optionalText("Issuer");
    Instant validFrom = fields.optionalTime("ValidFrom");
    Instant validTo = fields.optionalTime("ValidTo");
    boolean isRevoked = fields.flag("Revoked");
    KmsCertificate certificate = readKeys(in, kmsUri);
    List<String> domains = readDomains(in);
    in.skipForeign(Set.of(Names.KMS));
    in.leave();
    return new CertificateEntry(
        ROOT.equals(role), certUri, issuer, validFrom, validTo, isRevoked, certificate, domains);
  }

  /// A security gateway ends encryption for others; a client that believed in one would let it hear
  /// everything.
  private static void requireNoGateway(XmlCursor in) throws MalformedKmsMessage {
    String isGateway = in.attribute("IsSecurityGateway");
    if (isGateway != null && !isGateway.equals("false") && !isGateway.equals("0")) {
      throw in.refused("certificates of security gateways are not taken");
    }
  }

  private static KmsCertificate readKeys(XmlCursor in, String kmsUri) throws MalformedKmsMessage {
    Fields fields = new Fields(in);
    long code = fields.number("UserIdFormat");
    UserIdFormat format = UserIdFormat.withCode((int) Math.min(code, 99)).orElse(null);
    long period = fields.number("UserKeyPeriod");
    long offset = fields.number("UserKeyOffset");
    byte[] z = hex(in, "PubEncKey", Z_OCTETS);
    byte[] kpak = hex(in, "PubAuthKey", KPAK_OCTETS);
    if (in.isAt(Names.KMS, "ParameterSet") && fields.number("ParameterSet") != PARAMETER_SET) {
      throw in.refused("<ParameterSet> is another than 1");
    }
    if (format == null) {
      throw in.refused("<UserIdFormat> is neither 1 (RFC 6509) nor 2 (TS 33.180)");
    }
    try {
      return KmsCertificate.of(
          kmsUri, format, period, offset, EccsiPublicKey.of(kpak), SakkePublicKey.of(z));
    } catch (InvalidKey | IllegalArgumentException _) {
      throw in.refused("a key or the key period is none that a KMS can have");
    }
  }

  private static byte[] hex(XmlCursor in, String name, int octets) throws MalformedKmsMessage {
    return new Fields(in).hex(in.text(Names.KMS, name, 2 * octets), name, octets);
  }

  private static List<String> readDomains(XmlCursor in) throws MalformedKmsMessage {
    List<String> domains = new ArrayList<>();
    if (in.isAt(Names.KMS, "KmsDomainList")) {
      in.enter(Names.KMS, "KmsDomainList");
      in.noMoreAttributes();
      do {
        domains.add(new Fields(in).uri("KmsDomain"));
      } while (in.isAt(Names.KMS, "KmsDomain") && domains.size() < MOST_DOMAINS);
      in.leave();
    }
    return domains;
  }

  void write(XmlWriter out) {
    String role = isRoot ? ROOT : EXTERNAL;
    out.open(Names.KMS, NAME, "Role", role, "Version", Names.CERTIFICATE_VERSION)
        .optional(Names.KMS, "CertUri", certUri)
        .element(Names.KMS, "KmsUri", certificate.kmsUri())
        .optional(Names.KMS, "Issuer", issuer)
        .optional(Names.KMS, "ValidFrom", validFrom)
        .optional(Names.KMS, "ValidTo", validTo)
        .optional(Names.KMS, "Revoked", isRevoked ? "true" : null)
        .element(Names.KMS, "UserIdFormat", certificate.userIdFormat().code())
        .element(Names.KMS, "UserKeyPeriod", certificate.periodSeconds())
        .element(Names.KMS, "UserKeyOffset", certificate.offsetSeconds())
        .open(Names.KMS, "PubEncKey")
        .hex(certificate.encKey().octets())
        .close("PubEncKey")
        .open(Names.KMS, "PubAuthKey")
        .hex(certificate.authKey().octets())
        .close("PubAuthKey")
        .element(Names.KMS, "ParameterSet", PARAMETER_SET);
    if (!domains.isEmpty()) {
      out.open(Names.KMS, "KmsDomainList");
      domains.forEach(domain -> out.element(Names.KMS, "KmsDomain", domain));
      out.close("KmsDomainList");
    }
    out.close(NAME);
  }
}
