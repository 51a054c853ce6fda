package parley.keys.vault;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A vault's data key while it is open: one half seals the records, the other authenticates the
/// file.
///
/// The data key is random and stored sealed under the key-encrypting key, so an ordinary write
/// needs neither the passphrase nor Argon2id.
final class VaultKeys implements AutoCloseable {
  static final int DATA_KEY_OCTETS = 32;
  static final int MAC_OCTETS = 32;

  private final SecretBytes records;
  private final SecretBytes file;

  private VaultKeys(SecretBytes records, SecretBytes file) {
    this.records = records;
    this.file = file;
  }

  /// Derives both halves; `dataKey` stays the caller's.
  static VaultKeys of(SecretBytes dataKey) {
    return new VaultKeys(
        Hkdf.derive(dataKey, new byte[0], "parley vault records", 32),
        Hkdf.derive(dataKey, new byte[0], "parley vault file", 32));
  }

  byte[] seal(SecretBytes value, byte[] aad, SecureRandom random) {
    return AesGcm.seal(records, value, aad, random);
  }

  Optional<SecretBytes> open(byte[] sealed, byte[] aad, String label) {
    return AesGcm.open(records, sealed, aad, label);
  }

  /// HMAC-SHA-256 over `octets[0, length)`.
  byte[] mac(byte[] octets, int length) {
    return file.lend(SecretAccess.token(), key -> hmac(key, octets, length));
  }

  private static byte[] hmac(byte[] key, byte[] octets, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(octets, 0, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }

  @Override
  public void close() {
    records.close();
    file.close();
  }
}
