package parley.gateway.admin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import parley.keys.http.PemFiles;

/// An authority that signs certificates for tests, and writes them and their keys as PEM files.
public final class TestAuthority {
  private static final AlgorithmIdentifier ECDSA =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  private static final Duration LIFE = Duration.ofDays(30);
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final Path folder;
  private final X500Name name;
  private final KeyPair pair = pair();
  private final Path certificate;

  public TestAuthority(Path folder, String name) throws Exception {
    this.folder = folder;
    this.name = new X500Name("CN=" + name);
    Instant now = Instant.now();
    certificate =
        write(
            name + ".pem",
            "CERTIFICATE",
            sign(this.name, pair, true, now.minus(LIFE), now.plus(LIFE)));
  }

  /// The PEM files of one holder.
  public record Holder(Path certificate, Path key) {}

  public Path certificate() {
    return certificate;
  }

  public Holder issue(String holder) throws Exception {
    return issue(holder, Instant.now().minusSeconds(60), Instant.now().plus(LIFE));
  }

  /// For 127.0.0.1 and localhost, whoever holds it.
  public Holder issue(String holder, Instant from, Instant until) throws Exception {
    KeyPair own = pair();
    byte[] signed = sign(new X500Name("CN=" + holder), own, false, from, until);
    return new Holder(
        write(holder + ".pem", "CERTIFICATE", signed),
        write(holder + "-key.pem", "PRIVATE KEY", own.getPrivate().getEncoded()));
  }

  static X509Certificate read(Path file) {
    return PemFiles.certificates(file).getFirst();
  }

  static PrivateKey key(Holder files) {
    return PemFiles.key(files.key(), read(files.certificate()));
  }

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private byte[] sign(X500Name subject, KeyPair own, boolean isCa, Instant from, Instant until)
      throws Exception {
    var extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa));
    if (!isCa) {
      extensions.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                new GeneralName(GeneralName.dNSName, "localhost")
              }));
    }
    var tbs = new V3TBSCertificateGenerator();
    tbs.setSerialNumber(new ASN1Integer(BigInteger.valueOf(SERIAL.getAndIncrement())));
    tbs.setSignature(ECDSA);
    tbs.setIssuer(name);
    tbs.setSubject(subject);
    tbs.setStartDate(new Time(Date.from(from)));
    tbs.setEndDate(new Time(Date.from(until)));
    tbs.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(own.getPublic().getEncoded()));
    tbs.setExtensions(extensions.generate());
    var body = tbs.generateTBSCertificate();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(body.getEncoded());
    var whole = new ASN1EncodableVector();
    whole.add(body);
    whole.add(ECDSA);
    whole.add(new DERBitString(signature.sign()));
    byte[] der = new DERSequence(whole).getEncoded();
    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    return der;
  }

  private Path write(String file, String kind, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, base64, kind),
        StandardCharsets.US_ASCII);
  }
}
