package parley.keys.kms.ceremony;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.OwnFile;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.KmsCertificate;

/// A copy of the issuer's vault and its way back. The copy is as sealed as the vault and opens by
/// the same keys; whoever has both has the KMS.
///
/// Both ways the copy is opened, and the master secrets in it are held against the certificate,
/// before it is called one: a backup that was never opened is none.
public final class KmsBackup {
  private static final int MOST_OCTETS = 130 << 20;

  private KmsBackup() {}

  /// Copies `vault`, which may be in use, to the new file `copy`; durable and verified on return.
  /// The result says whose it is.
  public static KmsCertificate write(Path vault, VaultKey key, Path copy)
      throws VaultException, IOException {
    KmsCertificate original = verify(vault, key);
    OwnFile.writeSecret(copy, OwnFile.read(vault, MOST_OCTETS));
    boolean isGood = false;
    try {
      KmsCertificate copied = verify(copy, key);
      isGood = copied.equals(original);
      if (!isGood) {
        throw new VaultException(copy + " is not what " + vault + " was; make the backup again");
      }
      return copied;
    } finally {
      if (!isGood) {
        Files.deleteIfExists(copy);
      }
    }
  }

  /// Puts `copy` back as the vault `vault`, which must not exist; durable and verified on return.
  ///
  /// What was written after the backup is lost: of an issuer's vault that is a succession at most,
  /// as nobody's keys are in it. The mark of the last write beside a vault that is gone
  /// (`<vault>.lock`) would refuse the older copy, and is for the operator to remove.
  public static KmsCertificate restore(Path copy, VaultKey key, Path vault)
      throws VaultException, IOException {
    KmsCertificate kms = verify(copy, key);
    if (Files.exists(vault)) {
      throw new VaultException(vault + " exists; move it away before a backup takes its place");
    }
    OwnFile.writeSecret(vault, OwnFile.read(copy, MOST_OCTETS));
    return kms;
  }

  /// Opens a vault or a copy of one beside whoever uses it, and holds its master secrets against
  /// its certificate.
  public static KmsCertificate verify(Path file, VaultKey key) throws VaultException {
    try (Vault opened = Vault.openToRead(file, key);
        KmsIssuer kms = KmsIssuer.open(opened)) {
      return kms.certificate();
    }
  }
}
