package parley.keys.vault;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.SecretKey;
import parley.mikey.secret.SecretBytes;

/// Opened by a key that stays in a PKCS#11 token: the token itself unseals the data key. `octets of
/// the key's label 1 | label | sealed data key 60`.
final class TokenUnlock extends Unlock {
  /// Of the random nonce in front of the sealed data key: names this unlock in its token.
  private static final int ID_OCTETS = 8;

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

  /// Compares the vault's counter with the highest that this token has seen, and notes it: an older
  /// copy of the vault, restored together with all its witnesses on the disk, is known by that. The
  /// token is asked at each opening with it, so what is older than the last one shows.
  void requireNotOlder(TokenKey key, long counter, Path file) throws VaultException {
    Token token = key.token();
    Optional<SecretKey> found = token.find(keyLabel);
    if (found.isEmpty()) {
      return;
    }
    String label = "parley vault " + HexFormat.of().formatHex(sealedDataKey, 0, ID_OCTETS);
    long noted = token.noted(label);
    if (counter < noted) {
      throw new VaultException(
          ("vault %s is an older copy (write %d, but %s has seen write %d); put the newest back, or"
                  + " delete the token's key '%s %d' to accept the loss")
              .formatted(file, counter, token.name(), noted, label, noted));
    }
    if (counter > noted) {
      token.note(found.get(), label, counter);
    }
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
