package parley.keys.vault;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import parley.mikey.secret.SecretBytes;

/// Opened by octets that somebody brings: a passphrase, a key file, a recovery share. `recipe 29 |
/// sealed data key 60`.
final class KeyUnlock extends Unlock {
  private final KeyRecipe recipe;
  private final byte[] sealedDataKey;

  private KeyUnlock(UnlockName name, KeyRecipe recipe, byte[] sealedDataKey) {
    super(name);
    this.recipe = recipe;
    this.sealedDataKey = sealedDataKey;
  }

  static KeyUnlock seal(PlainKey key, UnlockName name, SecretBytes dataKey, SecureRandom random)
      throws VaultException {
    KeyRecipe recipe = KeyRecipe.fresh(name.kind(), random);
    try (SecretBytes brought = key.octets();
        SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(brought)) {
      byte[] aad = name.aad(recipe.octets());
      return new KeyUnlock(name, recipe, AesGcm.seal(keyEncryptionKey, dataKey, aad, random));
    }
  }

  @Override
  Optional<SecretBytes> dataKey(VaultKey key) throws VaultException {
    if (!(key instanceof PlainKey plain)) {
      return Optional.empty();
    }
    try (SecretBytes brought = plain.octets();
        SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(brought)) {
      return AesGcm.open(keyEncryptionKey, sealedDataKey, name().aad(recipe.octets()), DATA_KEY);
    }
  }

  @Override
  byte[] body() {
    var out = ByteBuffer.allocate(KeyRecipe.OCTETS + SEALED_OCTETS);
    recipe.write(out);
    return out.put(sealedDataKey).array();
  }

  static KeyUnlock read(UnlockName name, ByteBuffer in) throws DamagedVault {
    return new KeyUnlock(name, KeyRecipe.read(name.kind(), in), sealed(in));
  }
}
