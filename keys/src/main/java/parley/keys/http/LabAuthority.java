package parley.keys.http;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority that lives as long as this object: for a lab, the demo and tests. Its
/// own key is never written; those of its holders are, for their owner alone.
///
/// An operator has a PKI; what servers and clients need of it are the same PEM files.
public final class LabAuthority {
  private static final int SERIAL_BITS = 127;

  private final SecureRandom random;
  private final KeyPair pair;
  private final X509Certificate certificate;

  /// The PEM files of a holder.
  public record Holder(Path certificate, Path key) {}

  private LabAuthority(String name, Instant from, Instant until, SecureRandom random)
      throws GeneralSecurityException {
    this.random = random;
    this.pair = pair();
    this.certificate = signed(name, name, pair, from, until, List.of(), true);
  }

  /// A fresh one, valid in that time.
  ///
  /// @param name its common name
  public static LabAuthority create(String name, Instant from, Instant until, SecureRandom random) {
    try {
      return new LabAuthority(name, from, until, random);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no P-256 certificates", e);
    }
  }

  /// Writes its certificate, for those who shall believe it.
  public Path write(Path file) throws IOException {
    return pem(file, "CERTIFICATE", encoded(certificate), "rw-r--r--");
  }

  /// A name or an address that a certificate holds as an alternative name of its subject.
  public static GeneralName dns(String name) {
    return new GeneralName(GeneralName.dNSName, name);
  }

  /// The same for an address.
  public static GeneralName address(InetAddress address) {
    return new GeneralName(GeneralName.iPAddress, address.getHostAddress());
  }

  /// The same for a URI, such as the identity of a UE.
  public static GeneralName uri(String uri) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
  }

  /// Makes a key and its certificate, and writes `NAME.pem` and `NAME-key.pem`.
  ///
  /// @param name the common name
  public Holder issue(
      Path folder, String name, List<GeneralName> alternatives, Instant from, Instant until)
      throws IOException {
    try {
      KeyPair own = pair();
      X509Certificate signed =
          signed(certificateName(), name, own, from, until, alternatives, false);
      return new Holder(
          pem(folder.resolve(name + ".pem"), "CERTIFICATE", encoded(signed), "rw-r--r--"),
          pem(
              folder.resolve(name + "-key.pem"),
              "PRIVATE KEY",
              own.getPrivate().getEncoded(),
              "rw-------"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no P-256 certificates", e);
    }
  }

  private String certificateName() {
    return certificate.getSubjectX500Principal().getName().replaceFirst("^CN=", "");
  }

  private KeyPair pair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private X509Certificate signed(
      String issuer,
      String subject,
      KeyPair own,
      Instant from,
      Instant until,
      List<GeneralName> alternatives,
      boolean isAuthority)
      throws GeneralSecurityException {
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + issuer),
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(from),
            Date.from(until),
            new X500Name("CN=" + subject),
            own.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
      if (isAuthority) {
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      }
      if (!alternatives.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(alternatives.toArray(GeneralName[]::new)));
      }
      var signer =
          new JcaContentSignerBuilder("SHA256withECDSA")
              .setSecureRandom(random)
              .build(pair.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (CertIOException | OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate of our own has no encoding", e);
    }
  }

  /// Created with its mode, so that nobody reads a key before it is closed.
  private static Path pem(Path file, String kind, byte[] der, String mode) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    byte[] text =
        Stream.of("-----BEGIN " + kind + "-----", base64, "-----END " + kind + "-----", "")
            .reduce((a, b) -> a + "\n" + b)
            .orElseThrow()
            .getBytes(StandardCharsets.US_ASCII);
    Files.deleteIfExists(file);
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
      var _ = channel.write(ByteBuffer.wrap(text));
    }
    return file;
  }
}
