package parley.mikey.prf;

import java.nio.ByteBuffer;

/// The labelled keys of RFC 3830, 4.1.3 and 4.1.4. Callers zero what they get.
///
/// Label: constant (4) || CS ID (1) || CSB ID (4) || RAND, bare octets without a length.
public final class MikeyKeys {
  private static final int TEK = 0x2AD01C64;
  private static final int SALT = 0x39A2C14B;
  private static final int ENCRYPTION_KEY = 0x150533E1;
  private static final int AUTHENTICATION_KEY = 0x2D22AC75;
  private static final int SALT_KEY = 0x29B88916;

  /// Stands for the CS ID where a key belongs to the message, not to a crypto session (4.1.4).
  private static final int NO_SESSION = 0xFF;

  private MikeyKeys() {}

  /// The TEK of one crypto session; for SRTP, the master key.
  public static byte[] tek(MikeyPrf prf, byte[] tgk, int csId, int csbId, byte[] rand, int octets) {
    return prf.derive(tgk, label(TEK, csId, csbId, rand), octets);
  }

  /// The salt of one crypto session; for SRTP, the master salt (14 octets with AES-CM, 12 with
  /// AES-GCM).
  public static byte[] salt(
      MikeyPrf prf, byte[] tgk, int csId, int csbId, byte[] rand, int octets) {
    return prf.derive(tgk, label(SALT, csId, csbId, rand), octets);
  }

  /// `encr_key` of a KEMAC under a pre-shared key: 16 octets for AES-CM-128.
  public static byte[] encryptionKey(MikeyPrf prf, byte[] psk, int csbId, byte[] rand, int octets) {
    return prf.derive(psk, label(ENCRYPTION_KEY, NO_SESSION, csbId, rand), octets);
  }

  /// `auth_key` of a KEMAC or V payload: 20 octets for HMAC-SHA-1, 32 for HMAC-SHA-256.
  public static byte[] authenticationKey(
      MikeyPrf prf, byte[] psk, int csbId, byte[] rand, int octets) {
    return prf.derive(psk, label(AUTHENTICATION_KEY, NO_SESSION, csbId, rand), octets);
  }

  /// `salt_key` of a KEMAC: 14 octets for AES-CM-128.
  public static byte[] saltKey(MikeyPrf prf, byte[] psk, int csbId, byte[] rand, int octets) {
    return prf.derive(psk, label(SALT_KEY, NO_SESSION, csbId, rand), octets);
  }

  private static byte[] label(int constant, int csId, int csbId, byte[] rand) {
    if (csId < 0 || csId > 0xFF) {
      throw new IllegalArgumentException("CS ID " + csId + " is not one octet");
    }
    return ByteBuffer.allocate(9 + rand.length)
        .putInt(constant)
        .put((byte) csId)
        .putInt(csbId)
        .put(rand)
        .array();
  }
}
