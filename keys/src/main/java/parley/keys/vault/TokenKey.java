package parley.keys.vault;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A key in a PKCS#11 token. The token is entered once, however many unlocks are tried: a wrong PIN
/// that is tried three times locks it.
final class TokenKey extends VaultKey {
  private final TokenSettings settings;
  private final PlainKey pin;
  private @Nullable Token token;

  TokenKey(TokenSettings settings, PlainKey pin) {
    this.settings = settings;
    this.pin = pin;
  }

  TokenSettings settings() {
    return settings;
  }

  /// The token, which this key closes.
  Token token() throws VaultException {
    if (token == null) {
      try (SecretBytes octets = pin.octets()) {
        char[] characters = octets.lend(SecretAccess.token(), TokenKey::characters);
        try {
          token = Token.enter(settings, characters);
        } finally {
          Arrays.fill(characters, '\0');
        }
      }
    }
    return token;
  }

  /// A PIN is a number nearly always; what is not ASCII, PKCS#11 leaves to the token.
  private static char[] characters(byte[] octets) {
    char[] characters = new char[octets.length];
    for (int i = 0; i < octets.length; i++) {
      characters[i] = (char) (octets[i] & 0xff);
    }
    return characters;
  }

  @Override
  UnlockKind kind() {
    return UnlockKind.TOKEN;
  }

  @Override
  public void close() {
    if (token != null) {
      token.close();
    }
    pin.close();
  }

  @Override
  public String toString() {
    return "VaultKey[PKCS#11 key " + settings + "]";
  }
}
