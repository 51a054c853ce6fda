package parley.keys.gba;

import static java.nio.charset.StandardCharsets.UTF_8;

import parley.mikey.prf.Kdf33220;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Keys for different uses from one, so that no octet string means something under two of them.
public final class Subkey {
  public static final int MASTER_OCTETS = 32;

  /// Of our own: no 3GPP specification uses this FC under these keys.
  private static final int FC = 0xFF;

  private Subkey() {}

  /// 32 octets, which the caller closes.
  ///
  /// @param use in words; another use, another key
  public static SecretBytes of(SecretBytes master, String use) {
    return of(master, use, new byte[0]);
  }

  /// The same for one of many things, say a user.
  public static SecretBytes of(SecretBytes master, String use, byte[] of) {
    return SecretBytes.take(authenticate(master, use.getBytes(UTF_8), of), use);
  }

  /// HMAC-SHA-256 over these pieces, each of which keeps its own length: 32 octets.
  public static byte[] authenticate(SecretBytes key, byte[]... pieces) {
    return key.lend(SecretAccess.token(), octets -> Kdf33220.derive(octets, FC, pieces));
  }
}
