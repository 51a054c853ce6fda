package parley.mikey.group;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MacAlgorithm;
import parley.mikey.message.Octets;
import parley.mikey.prf.MikeyKeys;
import parley.mikey.prf.MikeyPrf;
import parley.mikey.secret.SecretAccess;

/// What the GMK does for one message (RFC 3830, 4.1.4): authenticate it, and encrypt its key data
/// with AES-CM-128 (4.2.3). The keys are derived for each use and zeroed after it; a sender keeps
/// its [#derived] ones.
final class PreSharedKeys {
  private static final int ENCRYPTION_KEY_OCTETS = 16;
  private static final int SALT_KEY_OCTETS = 14;
  private static final int IV_OCTETS = 16;

  private final GroupMasterKey gmk;
  private final MikeyPrf prf;
  private final int csbId;
  private final byte[] rand;

  PreSharedKeys(GroupMasterKey gmk, MikeyPrf prf, int csbId, Octets rand) {
    this.gmk = gmk;
    this.prf = prf;
    this.csbId = csbId;
    this.rand = rand.bytes();
  }

  /// The same keys, derived once for all messages of the CSB.
  DerivedKeys derived(MacAlgorithm algorithm) {
    return DerivedKeys.of(this, csbId, algorithm);
  }

  /// The MAC under `auth_key` over `parts`, one after the other.
  byte[] mac(MacAlgorithm algorithm, byte[]... parts) {
    byte[] key = authenticationKey(algorithm.octets());
    try {
      return macUnder(algorithm, key, parts);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  static byte[] macUnder(MacAlgorithm algorithm, byte[] key, byte[]... parts) {
    String name = algorithm == MacAlgorithm.HMAC_SHA_1_160 ? "HmacSHA1" : "HmacSHA256";
    try {
      var mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(key, name));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + name, e);
    }
  }

  /// AES-CM-128 with `encr_key` and an IV of `salt_key`, CSB ID and T; encrypts and decrypts.
  byte[] crypt(NtpTimestamp t, byte[] data) {
    byte[] key = encryptionKey();
    try {
      return cryptUnder(key, iv(t), data);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  static byte[] cryptUnder(byte[] key, byte[] iv, byte[] data) {
    try {
      var cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES in counter mode", e);
    }
  }

  byte[] iv(NtpTimestamp t) {
    byte[] salt = saltKey();
    try {
      return ivOf(salt, csbId, t);
    } finally {
      Arrays.fill(salt, (byte) 0);
    }
  }

  /// IV = (S xor (0x0000 || CSB ID || T)) || 0x0000.
  static byte[] ivOf(byte[] salt, int csbId, NtpTimestamp t) {
    byte[] iv =
        ByteBuffer.allocate(IV_OCTETS).putShort((short) 0).putInt(csbId).put(t.octets()).array();
    for (int i = 0; i < salt.length; i++) {
      iv[i] ^= salt[i];
    }
    return iv;
  }

  byte[] authenticationKey(int octets) {
    return gmk.key()
        .lend(
            SecretAccess.token(),
            psk -> MikeyKeys.authenticationKey(prf, psk, csbId, rand, octets));
  }

  byte[] encryptionKey() {
    return gmk.key()
        .lend(
            SecretAccess.token(),
            psk -> MikeyKeys.encryptionKey(prf, psk, csbId, rand, ENCRYPTION_KEY_OCTETS));
  }

  byte[] saltKey() {
    return gmk.key()
        .lend(
            SecretAccess.token(), psk -> MikeyKeys.saltKey(prf, psk, csbId, rand, SALT_KEY_OCTETS));
  }
}
