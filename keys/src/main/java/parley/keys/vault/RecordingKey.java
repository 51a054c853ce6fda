package parley.keys.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The 256-bit key that recordings wrap their GSKs under, so that an export does not need a GMK
/// that has long expired. AES key wrap (RFC 3394).
///
/// Belongs to its [Vault], which closes it. Safe for use by many threads.
public final class RecordingKey implements AutoCloseable {
  /// The type of its record in a vault.
  public static final String TYPE = "recording-key";

  private static final String NAME = "current";
  private static final int KEY_OCTETS = 32;
  private static final int ID_OCTETS = 8;

  private final SecretBytes key;
  private final byte[] keyId;

  private RecordingKey(SecretBytes key) {
    this.key = key;
    this.keyId = key.lend(SecretAccess.token(), RecordingKey::idOf);
  }

  /// Takes over `key`.
  static RecordingKey of(SecretBytes key) {
    if (key.length() != KEY_OCTETS) {
      throw new IllegalArgumentException("a recording key has 32 octets, not " + key.length());
    }
    return new RecordingKey(key);
  }

  static RecordingKey readOrMake(Vault vault, SecureRandom random) throws VaultException {
    Optional<SecretBytes> stored = vault.read(TYPE, NAME);
    if (stored.isPresent()) {
      return of(stored.get());
    }
    RecordingKey made = of(SecretBytes.random(KEY_OCTETS, random, "recording key"));
    vault.put(TYPE, NAME, made.key);
    return made;
  }

  /// Which key wrapped a recording: 8 octets that depend on the key and tell nothing about it.
  public byte[] keyId() {
    return keyId.clone();
  }

  /// Wraps `secret`, whose length is a multiple of 8 and at least 16; the result is 8 octets
  /// longer.
  public byte[] wrap(SecretBytes secret) {
    if (secret.length() < 16 || secret.length() % 8 != 0) {
      throw new IllegalArgumentException(
          "AES key wrap takes 16, 24, 32 ... octets, not " + secret.length());
    }
    return secret.lend(
        SecretAccess.token(),
        octets -> {
          try {
            return cipher(Cipher.WRAP_MODE).wrap(new SecretKeySpec(octets, "AES"));
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES key wrap failed", e);
          }
        });
  }

  /// The secret that was wrapped, which the caller closes; fails when another key wrapped it or an
  /// octet was changed.
  public SecretBytes unwrap(byte[] wrapped) throws VaultException {
    try {
      byte[] octets =
          cipher(Cipher.UNWRAP_MODE).unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded();
      return SecretBytes.take(octets, "unwrapped key");
    } catch (InvalidKeyException _) {
      throw new VaultException(
          "a wrapped key does not fit recording key %s; use the vault that made the recording"
              .formatted(HexFormat.of().formatHex(keyId)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES key unwrap failed", e);
    }
  }

  private Cipher cipher(int mode) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AESWrap");
    SecretKeySpec spec = key.lend(SecretAccess.token(), octets -> new SecretKeySpec(octets, "AES"));
    cipher.init(mode, spec);
    return cipher;
  }

  private static byte[] idOf(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Arrays.copyOf(mac.doFinal("parley recording key id".getBytes(US_ASCII)), ID_OCTETS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return "RecordingKey[" + HexFormat.of().formatHex(keyId) + "]";
  }

  @Override
  public void close() {
    key.close();
  }
}
