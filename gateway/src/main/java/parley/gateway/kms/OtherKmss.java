package parley.gateway.kms;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import parley.gateway.StartRefused;
import parley.keys.kms.ceremony.CertificateFile;
import parley.keys.kms.message.CertificateEntry;
import parley.keys.kms.message.MalformedKmsMessage;
import parley.mikey.identity.KmsCertificate;

/// The KMSs that this one vouches for: its successor, or those of partners (`certcache` of TS
/// 33.180, D.2.5).
///
/// @param number the list's, another one for another list: a client that has it is told nothing
record OtherKmss(long number, List<CertificateEntry> certificates) {
  OtherKmss {
    certificates = List.copyOf(certificates);
  }

  /// @throws StartRefused for a file that holds no KMS certificate, or two of one KMS
  static OtherKmss load(List<Path> files) throws StartRefused {
    List<KmsCertificate> read = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      KmsCertificate other = read(i, files.get(i));
      if (read.stream().anyMatch(one -> one.kmsUri().equals(other.kmsUri()))) {
        throw refused(i, "KMS " + other.kmsUri() + " is listed twice; keep one");
      }
      read.add(other);
    }
    return new OtherKmss(number(read), read.stream().map(CertificateEntry::external).toList());
  }

  private static KmsCertificate read(int place, Path file) throws StartRefused {
    try {
      return CertificateFile.read(file);
    } catch (MalformedKmsMessage | IOException e) {
      throw refused(
          place,
          "%s is no KMS certificate of 'parley kms export-certificate' (%s)"
              .formatted(file, e.getMessage()));
    }
  }

  private static StartRefused refused(int place, String sentence) {
    return new StartRefused(
        StartRefused.Kind.CONFIGURATION, "vouches-for[%d]: %s".formatted(place, sentence), null);
  }

  private static long number(List<KmsCertificate> certificates) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      certificates.forEach(certificate -> digest.update(certificate.encode()));
      return ByteBuffer.wrap(digest.digest()).getInt() & Integer.MAX_VALUE;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
