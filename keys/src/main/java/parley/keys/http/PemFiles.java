package parley.keys.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads certificates and private keys from PEM files (RFC 7468). Failures are
/// [IllegalArgumentException]s with one sentence.
public final class PemFiles {
  private static final int MAX_OCTETS = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private PemFiles() {}

  /// One certificate or more, in the order of the file.
  public static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> found = new ArrayList<>();
    Matcher block = BLOCK.matcher(text(file));
    while (block.find()) {
      if (block.group(1).equals("CERTIFICATE")) {
        found.add(certificate(file, block.group(2)));
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no certificate in PEM form");
    }
    return found;
  }

  private static X509Certificate certificate(Path file, String base64) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(file + " holds a damaged certificate", e);
    }
  }

  /// The PKCS #8 key in `file`, which must be the one of `certificate`.
  public static PrivateKey key(Path file, X509Certificate certificate) {
    Matcher block = BLOCK.matcher(text(file));
    while (block.find()) {
      switch (block.group(1)) {
        case "PRIVATE KEY" -> {
          return key(file, block.group(2), certificate.getPublicKey());
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new IllegalArgumentException(
                file + " is locked by a passphrase; unlock it: openssl pkey -in FILE -out NEW");
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
            throw new IllegalArgumentException(
                file + " is no PKCS #8 key; convert it: openssl pkey -in FILE -out NEW");
        default -> {
          // a certificate or parameters beside the key
        }
      }
    }
    throw new IllegalArgumentException(file + " holds no private key in PEM form");
  }

  private static PrivateKey key(Path file, String base64, PublicKey publicKey) {
    byte[] der = Base64.getMimeDecoder().decode(base64);
    try {
      PrivateKey key =
          KeyFactory.getInstance(publicKey.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(der));
      if (isPair(key, publicKey)) {
        return key;
      }
    } catch (GeneralSecurityException _) {
      // of another algorithm, which is not the certificate's key either
    } finally {
      Arrays.fill(der, (byte) 0);
    }
    throw new IllegalArgumentException(file + " is not the key of the certificate");
  }

  private static boolean isPair(PrivateKey key, PublicKey publicKey)
      throws GeneralSecurityException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    byte[] sample = "parley".getBytes(StandardCharsets.US_ASCII);
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(sample);
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(publicKey);
    verifying.update(sample);
    return verifying.verify(signing.sign());
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_OCTETS) {
        throw new IllegalArgumentException(file + " is too large for a PEM file");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read; correct path or permissions", e);
    }
  }
}
