package parley.keys.vault;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A vault's data key while it is open: of the keys derived from it one seals the records, one
/// authenticates the snapshot and one the entries of the journal, so that neither passes for the
/// other.
///
/// The data key is random and stored sealed under the key-encrypting key, so an ordinary write
/// needs neither the passphrase nor Argon2id.
final class VaultKeys implements AutoCloseable {
  static final int DATA_KEY_OCTETS = 32;
  static final int MAC_OCTETS = 32;

  private final SecretBytes records;
  private final SecretBytes snapshot;
  private final SecretBytes journal;

  private VaultKeys(SecretBytes records, SecretBytes snapshot, SecretBytes journal) {
    this.records = records;
    this.snapshot = snapshot;
    this.journal = journal;
  }

  /// Derives all three; `dataKey` stays the caller's.
  static VaultKeys of(SecretBytes dataKey) {
    return new VaultKeys(
        Hkdf.derive(dataKey, new byte[0], "parley vault records", 32),
        Hkdf.derive(dataKey, new byte[0], "parley vault file", 32),
        Hkdf.derive(dataKey, new byte[0], "parley vault journal", 32));
  }

  byte[] seal(SecretBytes value, byte[] aad, SecureRandom random) {
    return AesGcm.seal(records, value, aad, random);
  }

  Optional<SecretBytes> open(byte[] sealed, byte[] aad, String label) {
    return AesGcm.open(records, sealed, aad, label);
  }

  /// HMAC-SHA-256 over `octets[0, length)`, which begin a snapshot.
  byte[] mac(byte[] octets, int length) {
    return snapshot.lend(SecretAccess.token(), key -> hmac(key, octets, 0, length));
  }

  /// HMAC-SHA-256 over `length` octets from `at`, which begin an entry of the journal.
  byte[] entryMac(byte[] octets, int at, int length) {
    return journal.lend(SecretAccess.token(), key -> hmac(key, octets, at, length));
  }

  private static byte[] hmac(byte[] key, byte[] octets, int at, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(octets, at, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }

  @Override
  public void close() {
    records.close();
    snapshot.close();
    journal.close();
  }
}
