package parley.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Master key and salt to session keys: AES in counter mode as a PRF (RFC 3711, 4.3; RFC 6188, 3).
///
/// The key derivation rate is always 0, so the index plays no part and each key is derived once.
/// The label stands at octet 7 of the 112-bit salt for SRTCP as well as for SRTP (RFC 3711, erratum
/// 3712). A 96-bit AEAD salt is padded on the right to 112 bits (RFC 7714, 11).
final class KeyDerivation {
  /// What a session key is for (RFC 3711, 4.3.1 and 4.3.2; RFC 6904, 3).
  enum Label {
    SRTP_ENCRYPTION(0),
    SRTP_AUTHENTICATION(1),
    SRTP_SALT(2),
    SRTCP_ENCRYPTION(3),
    SRTCP_AUTHENTICATION(4),
    SRTCP_SALT(5),
    HEADER_ENCRYPTION(6),
    HEADER_SALT(7);

    private final int value;

    Label(int value) {
      this.value = value;
    }
  }

  private static final int LABEL_OFFSET = 7;

  private KeyDerivation() {}

  /// The first `octets` of the key stream for one label; the caller owns the result and zeroes it.
  static byte[] derive(MasterKey master, Label label, int octets) {
    byte[] x = Arrays.copyOf(master.salt(), 16);
    x[LABEL_OFFSET] ^= (byte) label.value;
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(master.key(), "AES"), new IvParameterSpec(x));
      return cipher.doFinal(new byte[octets]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no AES/CTR/NoPadding", e);
    } finally {
      Arrays.fill(x, (byte) 0);
    }
  }
}
