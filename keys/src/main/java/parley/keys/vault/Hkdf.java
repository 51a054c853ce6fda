package parley.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// HKDF with SHA-256 (RFC 5869) from the JDK.
final class Hkdf {
  private Hkdf() {}

  /// Extract with `salt`, expand with `info`; the caller closes the result.
  static SecretBytes derive(SecretBytes input, byte[] salt, String info, int octets) {
    return input.lend(
        SecretAccess.token(), key -> SecretBytes.take(expand(key, salt, info, octets), info));
  }

  private static byte[] expand(byte[] key, byte[] salt, String info, int octets) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(key)
                  .addSalt(salt)
                  .thenExpand(info.getBytes(UTF_8), octets));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
    }
  }
}
