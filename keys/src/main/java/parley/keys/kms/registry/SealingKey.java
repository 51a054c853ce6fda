package parley.keys.kms.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Seals transport and pre-shared keys in the tables: AES-256-GCM, `nonce 12 | ciphertext | tag
/// 16`, under a random nonce, bound to whose keys they are.
final class SealingKey {
  private static final int NONCE_OCTETS = 12;
  private static final int TAG_BITS = 128;

  private final SecretBytes key;
  private final SecureRandom random;

  SealingKey(SecretBytes key, SecureRandom random) {
    if (key.length() != 32) {
      throw new IllegalArgumentException("a sealing key has 32 octets, not " + key.length());
    }
    this.key = key;
    this.random = random;
  }

  byte[] seal(SecretBytes secret, String owner) {
    byte[] nonce = new byte[NONCE_OCTETS];
    random.nextBytes(nonce);
    return secret.lend(
        SecretAccess.token(),
        octets -> {
          try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, owner).doFinal(octets);
            byte[] whole = Arrays.copyOf(nonce, NONCE_OCTETS + sealed.length);
            System.arraycopy(sealed, 0, whole, NONCE_OCTETS, sealed.length);
            return whole;
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed to seal", e);
          }
        });
  }

  /// The secret, which the caller closes.
  ///
  /// @throws IllegalStateException if the tables were sealed under another key, or altered
  SecretBytes open(byte[] sealed, String owner) {
    try {
      byte[] nonce = Arrays.copyOf(sealed, NONCE_OCTETS);
      byte[] octets =
          cipher(Cipher.DECRYPT_MODE, nonce, owner)
              .doFinal(sealed, NONCE_OCTETS, Math.max(0, sealed.length - NONCE_OCTETS));
      return SecretBytes.take(octets, "keys of the tables");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "keys of " + owner + " do not open; the registry has another sealing key", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String owner) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    SecretKeySpec spec = key.lend(SecretAccess.token(), octets -> new SecretKeySpec(octets, "AES"));
    cipher.init(mode, spec, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner.getBytes(UTF_8));
    return cipher;
  }
}
