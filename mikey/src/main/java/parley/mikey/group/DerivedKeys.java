package parley.mikey.group;

import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MacAlgorithm;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The three keys of one CSB under its GMK (RFC 3830, 4.1.4), derived once: for a sender that
/// repeats its message. Zeroed by `close`; thread-safe.
final class DerivedKeys implements AutoCloseable {
  private static final SecretAccess ACCESS = SecretAccess.token();

  private final int csbId;
  private final MacAlgorithm algorithm;
  private final SecretBytes encryptionKey;
  private final SecretBytes authenticationKey;
  private final SecretBytes saltKey;

  private DerivedKeys(PreSharedKeys from, int csbId, MacAlgorithm algorithm) {
    this.csbId = csbId;
    this.algorithm = algorithm;
    encryptionKey = SecretBytes.take(from.encryptionKey(), "encr_key");
    authenticationKey = SecretBytes.take(from.authenticationKey(algorithm.octets()), "auth_key");
    saltKey = SecretBytes.take(from.saltKey(), "salt_key");
  }

  /// The GMK is needed no more afterwards.
  static DerivedKeys of(PreSharedKeys from, int csbId, MacAlgorithm algorithm) {
    return new DerivedKeys(from, csbId, algorithm);
  }

  /// The MAC over `parts`, one after the other.
  byte[] mac(byte[]... parts) {
    return authenticationKey.lend(ACCESS, key -> PreSharedKeys.macUnder(algorithm, key, parts));
  }

  /// Encrypts and decrypts.
  byte[] crypt(NtpTimestamp t, byte[] data) {
    byte[] iv = saltKey.lend(ACCESS, salt -> PreSharedKeys.ivOf(salt, csbId, t));
    return encryptionKey.lend(ACCESS, key -> PreSharedKeys.cryptUnder(key, iv, data));
  }

  @Override
  public void close() {
    encryptionKey.close();
    authenticationKey.close();
    saltKey.close();
  }

  /// Whether they are zeroed.
  boolean isClosed() {
    return encryptionKey.isClosed() && authenticationKey.isClosed() && saltKey.isClosed();
  }

  @Override
  public String toString() {
    return "DerivedKeys[CSB " + GroupMasterKey.hex(csbId) + "]";
  }
}
