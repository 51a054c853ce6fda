package parley.keys.vault;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// AES-256-GCM with a random 96-bit nonce in front: `nonce 12 | ciphertext | tag 16`.
///
/// Random nonces are safe here up to 2^32 sealings under one key (NIST SP 800-38D, 8.3): two of
/// them are then alike with odds of 2^-33. A vault seals once for each record that an edit stores;
/// a new snapshot takes the sealed records over as they are, and a rekey makes a new key. A group
/// manager with ten thousand members seals some twenty thousand records for each GMK, deliveries
/// and receipts: with a new GMK every hour 2^32 is 24 years away. Nobody counts; whoever writes a
/// thousand records a second without a pause must rekey within seven weeks. The HSS seals a key
/// once for each bootstrap, that is some times a day for each UE. The JDK copies the key into a
/// `SecretKeySpec` that cannot be zeroed; it lives for one call.
public final class AesGcm {
  private static final int NONCE_OCTETS = 12;
  private static final int TAG_OCTETS = 16;
  public static final int OVERHEAD_OCTETS = NONCE_OCTETS + TAG_OCTETS;

  private AesGcm() {}

  public static byte[] seal(SecretBytes key, SecretBytes value, byte[] aad, SecureRandom random) {
    byte[] nonce = new byte[NONCE_OCTETS];
    random.nextBytes(nonce);
    byte[] sealed = Arrays.copyOf(nonce, OVERHEAD_OCTETS + value.length());
    value.lendTo(
        SecretAccess.token(),
        octets -> {
          try {
            cipher(Cipher.ENCRYPT_MODE, key, nonce, aad)
                .doFinal(octets, 0, octets.length, sealed, NONCE_OCTETS);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed to seal", e);
          }
        });
    return sealed;
  }

  /// The value, which the caller closes; empty when key, associated data or octets differ.
  public static Optional<SecretBytes> open(
      SecretBytes key, byte[] sealed, byte[] aad, String label) {
    if (sealed.length < OVERHEAD_OCTETS) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOf(sealed, NONCE_OCTETS);
    try {
      byte[] value =
          cipher(Cipher.DECRYPT_MODE, key, nonce, aad)
              .doFinal(sealed, NONCE_OCTETS, sealed.length - NONCE_OCTETS);
      return Optional.of(SecretBytes.take(value, label));
    } catch (AEADBadTagException _) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM failed to open", e);
    }
  }

  private static Cipher cipher(int mode, SecretBytes key, byte[] nonce, byte[] aad)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    SecretKeySpec spec = key.lend(SecretAccess.token(), octets -> new SecretKeySpec(octets, "AES"));
    cipher.init(mode, spec, new GCMParameterSpec(8 * TAG_OCTETS, nonce));
    cipher.updateAAD(aad);
    return cipher;
  }
}
