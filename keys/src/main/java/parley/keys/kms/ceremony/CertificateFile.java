package parley.keys.kms.ceremony;

import java.io.IOException;
import java.nio.file.Path;
import parley.keys.kms.OwnFile;
import parley.keys.kms.message.CertificateEntry;
import parley.keys.kms.message.MalformedKmsMessage;
import parley.mikey.identity.KmsCertificate;

/// A KMS certificate as a file: the standard's `<KmsCertificate>` (TS 33.180, D.3.2.2), which other
/// implementations read. Public, and not signed: compare its hash with the transcript's.
public final class CertificateFile {
  private static final int MOST_OCTETS = 64 << 10;

  private CertificateFile() {}

  /// Writes a file that must not exist.
  public static void export(KmsCertificate certificate, Path file) throws IOException {
    OwnFile.writePublic(file, CertificateEntry.root(certificate).writeAlone());
  }

  public static KmsCertificate read(Path file) throws IOException, MalformedKmsMessage {
    return CertificateEntry.readAlone(OwnFile.read(file, MOST_OCTETS)).certificate();
  }
}
