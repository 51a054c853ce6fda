package parley.keys.vault;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.SecretKey;
import parley.mikey.secret.SecretBytes;

/// Opened by a key that stays in a PKCS#11 token: the token itself unseals the data key. `octets of
/// the key's label 1 | label | sealed data key 60`.
final class TokenUnlock extends Unlock {
  private final String keyLabel;
  private final byte[] sealedDataKey;

  private TokenUnlock(UnlockName name, String keyLabel, byte[] sealedDataKey) {
    super(name);
    this.keyLabel = keyLabel;
    this.sealedDataKey = sealedDataKey;
  }

  static TokenUnlock seal(TokenKey key, UnlockName name, SecretBytes dataKey, SecureRandom random)
      throws VaultException {
    String label = key.settings().keyLabel();
    UnlockName.requireSane(label);
    Token token = key.token();
    byte[] sealed = token.seal(token.findOrMake(label), dataKey, aad(name, label), random);
    return new TokenUnlock(name, label, sealed);
  }

  @Override
  String details() {
    return "key " + keyLabel;
  }

  @Override
  Optional<SecretBytes> dataKey(VaultKey key) throws VaultException {
    if (!(key instanceof TokenKey brought)) {
      return Optional.empty();
    }
    Token token = brought.token();
    Optional<SecretKey> found = token.find(keyLabel);
    return found.isPresent()
        ? token.open(found.get(), sealedDataKey, aad(name(), keyLabel), DATA_KEY)
        : Optional.empty();
  }

  private static byte[] aad(UnlockName name, String keyLabel) {
    return name.aad(labelled(keyLabel, new byte[0]));
  }

  private static byte[] labelled(String keyLabel, byte[] rest) {
    var out = ByteBuffer.allocate(1 + 255 + rest.length);
    UnlockName.writeText(out, keyLabel);
    out.put(rest).flip();
    byte[] octets = new byte[out.remaining()];
    out.get(octets);
    return octets;
  }

  @Override
  byte[] body() {
    return labelled(keyLabel, sealedDataKey);
  }

  static TokenUnlock read(UnlockName name, ByteBuffer in) throws DamagedVault {
    return new TokenUnlock(name, UnlockName.readText(in), sealed(in));
  }
}
